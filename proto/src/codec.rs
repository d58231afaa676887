//! gRPC's codec with buffers for the messages that there are.
//!
//! A report has some hundred bytes and an answer some dozen; tonic's own buffers have 8 KiB each way, and one that grew
//! for a large message keeps its size for as long as the stream lasts. A collector holds thousands of streams.

use std::marker::PhantomData;

use prost::Message;
use prost::bytes::{Buf as _, Bytes};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder};
use tonic_prost::{ProstCodec, ProstDecoder};

/// A message of this size needs no second buffer.
const BUFFER_BYTES: usize = 1 << 10;
/// Encoded messages that are handed on together.
const YIELD_BYTES: usize = 32 << 10;
/// Larger messages leave no buffer of their size behind.
const LARGE_BYTES: usize = 2 * BUFFER_BYTES;

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
            inner: ProstDecoder::new(settings()),
            large: Bytes::new(),
        }
    }
}

/// Decodes `U`.
#[derive(Debug)]
pub struct SmallDecoder<U> {
    inner: ProstDecoder<U>,
    /// The last message, if it was large: a buffer that is still referred to is not used again, and goes with this.
    large: Bytes,
}

impl<U: Message + Default> Decoder for SmallDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        self.large = Bytes::new();
        if buffer.remaining() < LARGE_BYTES {
            return self.inner.decode(buffer);
        }
        self.large = buffer.copy_to_bytes(buffer.remaining());
        let message = U::decode(self.large.clone());
        message
            .map(Some)
            .map_err(|error| Status::internal(error.to_string()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        settings()
    }
}
