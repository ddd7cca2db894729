//! Client photos: how they are taken in, where they are kept, who may see them.
//!
//! A photo is two JPEGs in a [`PhotoStore`], a record in the [`PhotoLedger`], and the address that the profile shows.
//! The three can't change together, so they change in an order that a failure or a crash may cut anywhere:
//!
//! | Step | Record | Objects | Profile |
//! |---|---|---|---|
//! | record the photo to come | `Writing` | | shows the old one |
//! | store it | `Writing` | both sizes | shows the old one |
//! | commit | `Kept`, the old one `Doomed` | both sizes of both | shows the new one |
//! | delete the old objects | old one `Doomed` | new ones | shows the new one |
//! | forget the old record | `Kept` | new ones | shows the new one |
//!
//! Whatever a cut leaves behind has a record, and the [`PhotoSweep`] finds it.

mod exchange;
mod keeper;
mod ledger;
mod model;
mod processor;
mod reprocess;
mod service;
mod store;
mod sweep;

pub(crate) use keeper::{LetGo, PhotoKeeper};
#[cfg(any(test, feature = "test-support"))]
pub use ledger::MockPhotoLedger;
pub use ledger::PhotoLedger;
pub use model::{MAX_BYTES, MAX_PIXELS, PhotoId, PhotoRecord, PhotoRejection, PhotoState, ProcessedPhoto};
#[cfg(any(test, feature = "test-support"))]
pub use processor::MockPhotoProcessor;
pub use processor::{KeptPhoto, PhotoProcessor, ProcessingError};
pub use reprocess::{PhotoReprocessing, ReprocessReport};
pub use service::{PhotoService, UploadedPhoto};
#[cfg(any(test, feature = "test-support"))]
pub use store::MockPhotoStore;
pub use store::{Listing, PhotoContent, PhotoKey, PhotoStore, StoredObject};
pub use sweep::{KEPT_GRACE, PhotoSweep, REMOVAL_GRACE, SweepOptions, SweepReport, WRITING_GRACE};
