use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    ObjectStoreExt as _, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::{Fault, Faults, Injected, Operation};

/// An object store whose calls may fail.
#[derive(Clone)]
pub struct FaultyObjects {
    objects: Arc<dyn ObjectStore>,
    faults: Faults,
}

impl FaultyObjects {
    /// Puts faults over an object store.
    pub fn over(objects: Arc<dyn ObjectStore>, faults: Faults) -> Self {
        Self { objects, faults }
    }

    async fn delete_one(self, location: Path) -> Result<Path> {
        let fault = self.faults.begin(Operation::Delete).await?;
        let (objects, gone) = (Arc::clone(&self.objects), location.clone());
        let delete = async move { objects.delete(&gone).await };
        let deleted = self.faults.work(fault, delete).await;
        self.faults.end(fault).await?;
        deleted.map(|()| location)
    }

    async fn list_all(self, prefix: Option<Path>) -> Result<Vec<Result<ObjectMeta>>> {
        let fault = self.faults.begin(Operation::List).await?;
        let all = self.objects.list(prefix.as_ref()).try_collect().await?;
        let listed = self.cut(fault, all).await?;
        Ok(listed)
    }

    /// The items as a stream would yield them.
    async fn cut<T>(&self, fault: Option<Fault>, mut items: Vec<T>) -> Result<Vec<Result<T>>> {
        if matches!(fault, Some(Fault::HalfWell | Fault::HalfFailing)) {
            items.truncate(items.len() / 2);
        }
        let end = if fault == Some(Fault::HalfFailing) { Some(Err(Injected.into())) } else { None };
        if end.is_none() {
            self.faults.end(fault).await?;
        }
        Ok(items.into_iter().map(Ok).chain(end).collect())
    }
}

impl From<Injected> for Error {
    fn from(fault: Injected) -> Self {
        Self::Generic { store: "faulty", source: Box::new(fault) }
    }
}

fn half(whole: &Bytes) -> Bytes {
    whole.slice(..whole.len() / 2)
}

fn not_ours<T>(operation: &str) -> Result<T> {
    Err(Error::NotImplemented { operation: operation.to_owned(), implementer: "faulty".to_owned() })
}

#[async_trait]
impl ObjectStore for FaultyObjects {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let fault = self.faults.begin(Operation::Put).await?;
        let is_half = matches!(fault, Some(Fault::HalfWell | Fault::HalfFailing));
        let payload = if is_half { half(&payload.into()).into() } else { payload };
        let (objects, location) = (Arc::clone(&self.objects), location.clone());
        let put = async move { objects.put_opts(&location, payload, options).await };
        let result = self.faults.work(fault, put).await;
        self.faults.end(fault).await?;
        result
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        not_ours("put_multipart_opts")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let operation = if options.head { Operation::Head } else { Operation::Get };
        let fault = self.faults.begin(operation).await?;
        let found = self.objects.get_opts(location, options).await;
        if operation == Operation::Head || found.is_err() {
            self.faults.end(fault).await?;
            return found;
        }
        let found = found?;
        let (meta, range, attributes, extensions) =
            (found.meta.clone(), found.range.clone(), found.attributes.clone(), found.extensions.clone());
        let bytes: Vec<u8> = found.bytes().await?.into();
        let chunks = bytes.chunks(7).map(Bytes::copy_from_slice).collect();
        let payload = GetResultPayload::Stream(stream::iter(self.cut(fault, chunks).await?).boxed());
        Ok(GetResult { payload, meta, range, attributes, extensions })
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let this = self.clone();
        locations.and_then(move |location| this.clone().delete_one(location)).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::once(self.clone().list_all(prefix.cloned())).map_ok(stream::iter).try_flatten().boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let fault = self.faults.begin(Operation::List).await?;
        let mut all = self.objects.list_with_delimiter(prefix).await?;
        let prefixes = self.cut(fault, all.common_prefixes).await?;
        all.common_prefixes = prefixes.into_iter().collect::<Result<_>>()?;
        Ok(all)
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        not_ours("copy_opts")
    }
}

impl fmt::Debug for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultyObjects({:?})", self.objects)
    }
}

impl fmt::Display for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultyObjects({})", self.objects)
    }
}
