use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use crate::config::Config;
use crate::console;

/// Longest the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks a running server whether it is ready, so that a container without a shell can check itself.
pub(crate) fn run(config: &Config, url: Option<&str>) -> anyhow::Result<ExitCode> {
    let address = match url {
        Some(url) => named(url)?,
        None => reachable(config.listen),
    };
    let status = ask(address).with_context(|| format!("no server answers at {address}"))?;
    console::say(&status);
    Ok(if status.contains(" 200 ") { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn named(url: &str) -> anyhow::Result<SocketAddr> {
    let host = url.strip_prefix("http://").context("--url must begin with http://")?.trim_end_matches('/');
    let with_port = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    with_port.to_socket_addrs()?.next().with_context(|| format!("{host} has no address"))
}

/// A server that listens on every address is asked on the nearest one.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let nearest = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(nearest, listen.port())
}

fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    write!(connection, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
