use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, QuantizationTableType, SamplingFactor};

use super::raster::Raster;

/// The encoder's scale of 1 to 100. Pictures are as good as those libvips makes by default, which is also called 80,
/// by structural similarity and by signal to noise, and smaller (docs/benchmarks.md).
const QUALITY: u8 = 80;
/// Tables tuned for structural similarity instead of the standard's examples.
const TABLES: QuantizationTableType = QuantizationTableType::CustomMsSsim;

/// A JPEG that holds the picture and nothing else.
pub(super) fn encode(raster: &Raster) -> Result<Vec<u8>, EncodingError> {
    let size = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_quantization_tables(TABLES, TABLES);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(raster.pixels(), size(raster.width()), size(raster.height()), ColorType::Rgb)?;
    Ok(jpeg)
}
