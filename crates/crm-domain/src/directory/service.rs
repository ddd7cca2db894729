use super::{Catalogue, Tenant, User};
use crate::access::{Action, Actor, Role};
use crate::error::{CrmError, Resource};
use crate::ids::UserId;
use crate::ports::Ports;

/// Shows what the host says of a tenant, its services and its people.
#[derive(Clone)]
pub struct DirectoryService {
    ports: Ports,
}

impl DirectoryService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The tenant the actor acts in.
    pub async fn tenant(&self, actor: &Actor) -> Result<Tenant, CrmError> {
        Ok(self.ports.store.read(actor.scope()).directory().tenant().await?)
    }

    /// What can be preferred, by name. Clients see what is active; staff see the rest too, for preferences of old.
    pub async fn catalogue(&self, actor: &Actor) -> Result<Catalogue, CrmError> {
        actor.require(Action::ReadPreferences)?;
        let read = self.ports.store.read(actor.scope());
        let (mut services, mut staff) = (read.directory().services().await?, read.directory().staff().await?);
        if actor.role() == Role::Client {
            services.retain(|service| service.is_active);
            staff.retain(|member| member.is_active);
        }
        Ok(Catalogue { services, staff })
    }

    /// The users of the tenant among these, to be named beside what they did.
    pub async fn users(&self, actor: &Actor, ids: &[UserId]) -> Result<Vec<User>, CrmError> {
        actor.require(Action::ListProfiles)?;
        Ok(self.ports.store.read(actor.scope()).directory().find_users(ids).await?)
    }

    /// A user of the tenant.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<User, CrmError> {
        actor.require(Action::ListProfiles)?;
        let found = self.ports.store.read(actor.scope()).directory().find_user(id).await?;
        found.ok_or(CrmError::NotFound(Resource::User))
    }
}
