import { TENANTS } from "./names.js";

/** Calls the API, for what a test needs before it begins. The server must have been gathered. */
export async function api({ url, sessions }, method, path, body, role = "ADMIN", tenant = TENANTS.busy) {
  const headers = { authorization: `Bearer ${sessions[tenant][role].token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/clients${path}`, { method, headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said.data;
}
