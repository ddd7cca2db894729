//! The JSON API of the client module.
//!
//! | Module | Holds |
//! |---|---|
//! | [`routes`] | the one table of routes: method, path, who may call it, handler |
//! | `profiles`, `notes`, `preferences`, `history`, `photos`, `audit`, `trash` | handlers, bodies and answers of each thing |
//! | [`session`], `caller` | from a request to an `Actor` |
//! | `conditional` | versions: `ETag`, `If-Match`, merging |
//! | `idempotency` | requests that are sent again |
//! | `body`, `params` | input with every mistake reported at once |
//! | [`problem`] | every error answer: status, code, sentence |
//! | `pipeline` | what happens to every request: ids, headers, metrics, logs |
//! | `unread` | callers who go on sending after their answer |
//! | [`openapi`] | the document |

mod audit;
pub mod body;
pub mod caller;
mod conditional;
mod envelope;
mod health;
mod history;
mod idempotency;
pub mod notes;
pub mod openapi;
mod params;
pub mod photos;
pub mod pipeline;
pub mod preferences;
pub mod problem;
pub mod profiles;
pub mod routes;
pub mod session;
pub mod sign_in;
mod state;
mod trash;
mod unread;

pub use state::{Api, Parts, Settings};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, Error};
use tracing_actix_web::TracingLogger;

/// The whole application: every route, and those that another adapter adds, behind the pipeline.
pub fn app(
    api: Data<Api>,
    others: fn(&mut ServiceConfig),
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody>, Error = Error, InitError = ()>,
> {
    App::new()
        .app_data(api)
        .wrap(from_fn(pipeline::pipeline))
        .wrap(Compress::default())
        .wrap(TracingLogger::<pipeline::RequestSpan>::new())
        .wrap(from_fn(unread::hold))
        .configure(others)
        .configure(routes::configure)
}
