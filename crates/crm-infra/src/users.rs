//! Users as shown beside profiles and notes.

use crm_domain::directory::User;
use crm_domain::ids::{TenantId, UserId};

use crate::entity::user;

pub(crate) fn into_domain(row: user::Model) -> User {
    let user::Model { id, email, first_name, last_name, phone, role, tenant_id } = row;
    User {
        id: UserId::from_stored(id),
        tenant: TenantId::from_stored(tenant_id),
        email,
        first_name,
        last_name,
        phone,
        role: role.parse().ok(),
    }
}
