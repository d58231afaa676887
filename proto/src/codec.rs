//! gRPC's codec with buffers for the messages that there are.
//!
//! A report has some hundred bytes and an answer some dozen; tonic's own buffers have 8 KiB each way, and one that grew
//! for a large message keeps its size for as long as the stream lasts. A collector holds thousands of streams.

use std::marker::PhantomData;

use prost::Message;
use prost::bytes::{Buf as _, Bytes};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder};
use tonic_prost::ProstCodec;

/// A message of this size needs no second buffer.
const BUFFER_BYTES: usize = 1 << 10;
/// Encoded messages that are handed on together.
const YIELD_BYTES: usize = 32 << 10;
/// Encodes `T`, decodes `U`.
#[derive(Debug)]
pub struct SmallCodec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for SmallCodec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

fn settings() -> BufferSettings {
    BufferSettings::new(BUFFER_BYTES, YIELD_BYTES)
}

impl<T, U> Codec for SmallCodec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = <ProstCodec<T, U> as Codec>::Encoder;
    type Decoder = SmallDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(settings())
    }

    fn decoder(&mut self) -> Self::Decoder {
        SmallDecoder {
            last: Bytes::new(),
            decoded: PhantomData,
        }
    }
}

/// Decodes `U`.
#[derive(Debug)]
pub struct SmallDecoder<U> {
    /// The last message as it came. A buffer that is referred to is neither grown nor begun anew when it is full: one of
    /// the size that is needed takes its place, so that what came large or all at once leaves nothing large behind.
    last: Bytes,
    decoded: PhantomData<U>,
}

impl<U: Message + Default> Decoder for SmallDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        self.last = buffer.copy_to_bytes(buffer.remaining());
        U::decode(self.last.clone())
            .map(Some)
            .map_err(|error| Status::internal(error.to_string()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        settings()
    }
}
