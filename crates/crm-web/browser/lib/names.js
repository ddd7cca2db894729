/** Roles, and how the address of each begins in a demo tenant. */
export const ROLES = {
  ADMIN: "admin",
  MANAGER: "manager",
  PROFESSIONAL: "profesional",
  RECEPTIONIST: "recepcion",
  CLIENT: "cliente",
};

/** The roles that work with clients. */
export const STAFF = ["ADMIN", "MANAGER", "PROFESSIONAL", "RECEPTIONIST"];

/** The tenant that tests change, and one whose data stay as they were seeded. */
export const TENANTS = { busy: "bellavita", quiet: "santalucia" };

/** The address somebody signs in with. */
export function emailOf(role, tenant = TENANTS.busy) {
  return `${ROLES[role]}@${tenant}.example`;
}
