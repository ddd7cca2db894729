//! Makes photos of the files named on standard input, for `scripts/bench-photos.sh`.
//!
//! For each line with the path of a file it writes `<path>.512.jpg` and `<path>.96.jpg` and prints how many
//! milliseconds the pipeline took, reading and writing not included.

use std::io::{BufRead, Write};
use std::time::Instant;

use crm_domain::photo::PhotoProcessor;
use crm_infra::{ImageProcessor, PhotoSizes};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let processor = ImageProcessor::new(PhotoSizes::default(), 1);
    let mut out = std::io::stdout();
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let file = std::fs::read(&path)?;
        let started = Instant::now();
        let photo = processor.process(file).await?;
        let elapsed = started.elapsed();
        std::fs::write(format!("{path}.512.jpg"), photo.full)?;
        std::fs::write(format!("{path}.96.jpg"), photo.thumbnail)?;
        writeln!(out, "{}", elapsed.as_secs_f64() * 1_000.0)?;
        out.flush()?;
    }
    Ok(())
}
