import { emailOf } from "./names.js";
import { PASSWORD } from "./server.js";

/** Signs in by the API: the token, and the cookies as a browser keeps them. */
export async function signIn(url, role, tenant) {
  const body = JSON.stringify({ email: emailOf(role, tenant), password: PASSWORD });
  const answer = await fetch(`${url}/sign-in`, { method: "POST", body, headers: { "content-type": "application/json" } });
  if (!answer.ok) throw new Error(`sign-in as ${role}: ${answer.status}`);
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [name, value] = line.split(";")[0].split("=");
    return { name, value, url, httpOnly: true, sameSite: "Lax" };
  });
  return { token: (await answer.json()).data.token, cookies: cookies.filter(({ value }) => value) };
}
