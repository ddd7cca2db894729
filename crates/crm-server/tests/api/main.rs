//! The API end to end: a real server, real HTTP, both engines.

mod support;

/// One test per engine for each function: it gets a server with the two tenants of `support::world`.
macro_rules! on_both_engines {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        $(mod $module;)+

        mod sqlite {
            $($(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(server) = super::support::TestServer::on_sqlite().await {
                    super::$module::$name(&server.with_two_tenants().await).await;
                }
            })+)+
        }

        mod postgres {
            $($(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(server) = super::support::TestServer::on_postgres().await {
                    super::$module::$name(&server.with_two_tenants().await).await;
                }
            })+)+
        }
    };
}

on_both_engines! {
    smoke: a_profile_can_be_read_by_staff_of_its_tenant_only;
}
