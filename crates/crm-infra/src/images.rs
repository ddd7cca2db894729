//! Turns uploaded files into photos ready to be kept.
//!
//! | File | Step |
//! |---|---|
//! | `pipeline.rs` | the steps in order, and what a file may be |
//! | `jpeg.rs`, `png.rs`, `webp.rs` | a file into a picture not much larger than needed |
//! | `raster.rs`, `shrink.rs` | pictures in memory: averaging, turning, colours, resizing |
//! | `exif.rs` | how the camera was held |
//! | `encode.rs` | a picture into a JPEG without metadata |

mod encode;
mod exif;
mod jpeg;
mod pipeline;
mod png;
mod raster;
mod shrink;
mod webp;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use crm_domain::photo::{KeptPhoto, PhotoProcessor, ProcessedPhoto, ProcessingError};
use tokio::sync::Semaphore;

/// Longest one photo may be worked on.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Longest a photo waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// The sizes that photos are kept in, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoSizes {
    /// Longest side of the large picture.
    pub full: u32,
    /// Side of the square one.
    pub thumbnail: u32,
}

impl Default for PhotoSizes {
    /// What the product contract asks for (section 7).
    fn default() -> Self {
        Self { full: 512, thumbnail: 96 }
    }
}

/// Works on a few photos at a time, on threads of their own.
#[derive(Clone, Debug)]
pub struct ImageProcessor {
    sizes: PhotoSizes,
    turns: Arc<Semaphore>,
}

/// When work on a photo must stop.
#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

impl Deadline {
    fn is_over(self) -> bool {
        Instant::now() >= self.0
    }
}

impl ImageProcessor {
    /// Makes photos of these sizes, at most so many at a time.
    pub fn new(sizes: PhotoSizes, at_a_time: usize) -> Self {
        Self { sizes, turns: Arc::new(Semaphore::new(at_a_time)) }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(PhotoSizes, Deadline) -> Result<T, ProcessingError> + Send + 'static,
    ) -> Result<T, ProcessingError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.ok().and_then(Result::ok).ok_or(ProcessingError::Busy)?;
        let sizes = self.sizes;
        let working = tokio::task::spawn_blocking(move || {
            // Kept until the work is done, even if nobody waits for it any more.
            let _turn = turn;
            work(sizes, Deadline(Instant::now() + TIME_LIMIT))
        });
        working.await.unwrap_or_else(|stopped| Err(ProcessingError::Failed(Box::new(stopped))))
    }
}

#[async_trait]
impl PhotoProcessor for ImageProcessor {
    async fn process(&self, original: Vec<u8>) -> Result<ProcessedPhoto, ProcessingError> {
        self.run(move |sizes, deadline| pipeline::process(&original, sizes, deadline)).await
    }

    async fn refit(&self, kept: KeptPhoto) -> Result<Option<ProcessedPhoto>, ProcessingError> {
        self.run(move |sizes, deadline| pipeline::refit(kept, sizes, deadline)).await
    }
}
