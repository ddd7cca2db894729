use crm_domain::error::CrmError;
use crm_domain::ids::UserId;
use crm_domain::patch::Patch;
use crm_domain::photo::{PhotoReprocessing, PhotoService};
use crm_domain::profile::{NewProfile, ProfilePatch, ProfileService, ProfileUpdate};
use crm_domain::progress::Unwatched;
use crm_domain::validation::Violations;
use crm_domain::value::PhotoUrl;
use crm_domain::version::Precondition;
use futures_util::future::BoxFuture;

use crate::pictures::Picture;
use crate::world::{World, admin};

/// What is seen of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) has_profile: bool,
    /// What the profile shows or, without a profile, what waits for one.
    pub(crate) photo: Photo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Photo {
    None,
    Ours(Picture),
    Elsewhere,
}

impl Sight {
    pub(crate) const NOBODY: Self = Self { has_profile: false, photo: Photo::None };
    pub(crate) const BLANK: Self = Self { has_profile: true, photo: Photo::None };
    pub(crate) const ELSEWHERE: Self = Self { has_profile: true, photo: Photo::Elsewhere };

    /// A profile that shows a picture.
    pub(crate) fn showing(of: char) -> Self {
        Self { has_profile: true, photo: Photo::Ours(Picture::new(of)) }
    }

    /// No profile, but a picture that waits for one.
    pub(crate) fn waiting(of: char) -> Self {
        Self { has_profile: false, photo: Photo::Ours(Picture::new(of)) }
    }
}

/// A use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Upload(char),
    Remove,
    /// `profilePhotoUrl` becomes null.
    ShowNone,
    /// `profilePhotoUrl` becomes an address elsewhere.
    ShowElsewhere,
    /// `profilePhotoUrl` becomes the address of one of our pictures.
    Show(char),
    CreateProfile(Option<char>),
    DeleteProfile,
    /// Kept photos are made anew in another size.
    Reprocess,
}

impl Act {
    /// What is seen afterwards if it succeeds.
    pub(crate) fn changes(self, world: &World, before: Sight) -> Sight {
        let ours = |of| Photo::Ours(world.processor.renewed(Picture::new(of)));
        match self {
            Self::Upload(of) | Self::Show(of) => Sight { photo: ours(of), ..before },
            Self::Remove | Self::ShowNone => Sight { photo: Photo::None, ..before },
            Self::ShowElsewhere => Sight { photo: Photo::Elsewhere, ..before },
            Self::CreateProfile(shown) => Sight { has_profile: true, photo: shown.map_or(Photo::None, ours) },
            Self::DeleteProfile => Sight::NOBODY,
            Self::Reprocess => match before.photo {
                Photo::Ours(picture) if before.has_profile => {
                    Sight { photo: Photo::Ours(world.processor.renewed(picture)), ..before }
                }
                _ => before,
            },
        }
    }

    /// Does it. In a box, since two of these are awaited at once.
    pub(crate) fn perform<'a>(self, world: &'a World, user: &'a UserId) -> BoxFuture<'a, Result<(), CrmError>> {
        Box::pin(self.run(world, user))
    }

    async fn run(self, world: &World, user: &UserId) -> Result<(), CrmError> {
        let photos = PhotoService::new(world.ports(), world.photos(), world.processor());
        let profiles = ProfileService::new(world.ports(), world.photos());
        let show = async |url: Patch<PhotoUrl>| {
            let patch = ProfilePatch { profile_photo_url: url, ..ProfilePatch::default() };
            let update = ProfileUpdate { patch, ..ProfileUpdate::default() };
            profiles.update(&admin(), &world.profile_id(user).await, update).await.map(drop)
        };
        let ours = |of| world.processor.renewed(Picture::new(of)).url(user);
        match self {
            Self::Upload(of) => {
                let uploaded = photos.upload(&admin(), user, Picture::new(of).file()).await?;
                assert_eq!(uploaded.url, ours(of));
                Ok(())
            }
            Self::Remove => photos.remove(&admin(), user, &Precondition::default()).await.map(drop),
            Self::ShowNone => show(Patch::Clear).await,
            Self::ShowElsewhere => show(Patch::Set(PhotoUrl::from_stored("https://ejemplo.mx/ana.jpg".to_owned()))).await,
            Self::Show(of) => show(Patch::Set(ours(of))).await,
            Self::CreateProfile(shown) => {
                let profile_photo_url = shown.map_or(Patch::Keep, |of| Patch::Set(ours(of)));
                let details = ProfilePatch { profile_photo_url, ..ProfilePatch::default() };
                let new = NewProfile { user_id: user.clone(), details, mistakes: Violations::default() };
                profiles.create(&admin(), new).await.map(drop)
            }
            Self::DeleteProfile => {
                profiles.delete(&admin(), &world.profile_id(user).await, &Precondition::default()).await.map(drop)
            }
            Self::Reprocess => {
                let job = PhotoReprocessing::new(world.ports(), world.photos(), world.processor());
                let report = job.run(&Unwatched).await?;
                if report.failed == 0 { Ok(()) } else { Err(CrmError::Internal("a photo could not be made anew".into())) }
            }
        }
    }
}
