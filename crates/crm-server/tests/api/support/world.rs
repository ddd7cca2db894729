use crm_domain::testing::rows::{self, Row};

use super::TestServer;

/// Roles of the staff of each tenant, and the user ids that have them: `admin1` is the administrator of tenant `t1`.
const STAFF: [(&str, &str); 5] =
    [("super", "SUPERADMIN"), ("admin", "ADMIN"), ("manager", "MANAGER"), ("pro", "PROFESSIONAL"), ("desk", "RECEPTIONIST")];

impl TestServer {
    /// Two mirrored tenants, `t1` and `t2`. Each has one user of every role (`super1`, `admin1`, `manager1`, `pro1`,
    /// `desk1`), a second professional `author1`, clients `client1` (profile `p1`, preferences `f1`) and `other1`
    /// (profile `o1`), a client `blank1` without profile, branch `b1`, service `corte1`.
    pub(crate) async fn with_two_tenants(self) -> Self {
        for number in ["1", "2"] {
            let tenant = format!("t{number}");
            let id = |name: &str| format!("{name}{number}");
            let user = |name: &str, role: &str| rows::user(&id(name)).with("role", role).with("tenantId", tenant.as_str());
            let mut all: Vec<Row> =
                vec![rows::tenant(&tenant), rows::branch(&id("b"), &tenant), rows::service(&id("corte"), &tenant)];
            all.extend(STAFF.map(|(name, role)| user(name, role)));
            all.push(user("author", "PROFESSIONAL"));
            all.extend(["client", "other", "blank"].map(|name| user(name, "CLIENT")));
            all.push(rows::profile(&id("p"), &id("client")).with("firstName", "Ana").with("notes", "solo personal"));
            all.push(rows::profile(&id("o"), &id("other")));
            all.push(rows::preferences(&id("f"), &id("p")));
            self.add(all).await;
        }
        self
    }
}
