use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use crm_domain::ids::UserId;
use crm_domain::photo::{KeptPhoto, PhotoId, PhotoProcessor, ProcessedPhoto, ProcessingError};
use crm_domain::value::{PhotoHash, PhotoSize, PhotoUrl};

/// A photo that tests can tell from others: what it shows, and which generation of processing made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Picture {
    pub(crate) of: char,
    pub(crate) generation: u8,
}

/// How many generations tests get through.
const GENERATIONS: u8 = 100;

impl Picture {
    pub(crate) fn new(of: char) -> Self {
        Self { of, generation: 0 }
    }

    /// Which picture this is.
    pub(crate) fn named(hash: &PhotoHash) -> Self {
        static NAMES: LazyLock<HashMap<PhotoHash, Picture>> = LazyLock::new(|| {
            let all = ('a'..='e').flat_map(|of| (0..GENERATIONS).map(move |generation| Picture { of, generation }));
            all.map(|picture| (picture.processed().hash(), picture)).collect()
        });
        NAMES[hash]
    }

    /// The file that is uploaded.
    pub(crate) fn file(self) -> Vec<u8> {
        vec![self.of as u8]
    }

    /// What is kept of it.
    pub(crate) fn processed(self) -> ProcessedPhoto {
        let bytes = |length: usize| [self.of as u8, self.generation].repeat(length / 2);
        ProcessedPhoto { full: bytes(120), thumbnail: bytes(20), width: 12, height: 10 }
    }

    pub(crate) fn of_user(self, user: &UserId) -> PhotoId {
        PhotoId { user: user.clone(), hash: self.processed().hash() }
    }

    pub(crate) fn url(self, user: &UserId) -> PhotoUrl {
        self.of_user(user).url(PhotoSize::Full)
    }
}

/// Makes pictures of files, without any decoding.
#[derive(Default)]
pub(crate) struct Processor {
    generation: AtomicU8,
}

impl Processor {
    /// From now on pictures come out in another way.
    pub(crate) fn change(&self) {
        let before = self.generation.fetch_add(1, Ordering::Relaxed);
        assert!(before + 1 < GENERATIONS);
    }

    pub(crate) fn set(&self, generation: u8) {
        self.generation.store(generation, Ordering::Relaxed);
    }

    /// What this picture is made into now.
    pub(crate) fn renewed(&self, picture: Picture) -> Picture {
        Picture { generation: self.generation.load(Ordering::Relaxed), ..picture }
    }
}

#[async_trait]
impl PhotoProcessor for Processor {
    async fn process(&self, original: Vec<u8>) -> Result<ProcessedPhoto, ProcessingError> {
        Ok(self.renewed(Picture::new(original[0].into())).processed())
    }

    async fn refit(&self, kept: KeptPhoto) -> Result<Option<ProcessedPhoto>, ProcessingError> {
        let is_whole = kept.thumbnail.is_some();
        let picture = Picture { of: kept.full[0].into(), generation: kept.full[1] };
        let renewed = self.renewed(picture);
        Ok((renewed != picture || !is_whole).then(|| renewed.processed()))
    }
}
