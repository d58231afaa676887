//! Compiles the schema without an installed `protoc`.

use std::env::var_os;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=sonde");
    let schema = protox::compile(
        [
            "sonde/agent/v1/service.proto",
            "sonde/agent/v1/catalogue.proto",
        ],
        ["."],
    )?;
    tonic_prost_build::configure()
        .build_client(var_os("CARGO_FEATURE_CLIENT").is_some())
        .build_server(var_os("CARGO_FEATURE_SERVER").is_some())
        .build_transport(false)
        .bytes(".")
        .codec_path("crate::codec::SmallCodec")
        .compile_fds(schema)?;
    Ok(())
}
