mod factors;

use std::env;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> Result<()> {
    let port = env::var("PRIMED_PORT").unwrap_or_else(|_| "8000".into());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    for client in listener.incoming().flatten() {
        thread::spawn(move || {
            if let Err(error) = answer(client) {
                eprintln!("{error}");
            }
        });
    }
    Ok(())
}

fn answer(mut client: TcpStream) -> Result<()> {
    let mut line = String::new();
    BufReader::new(client.try_clone()?).read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/");
    let (status, text) = match path.trim_start_matches('/').parse::<u64>() {
        Ok(number) => ("200 OK", listed(number)),
        Err(_) => ("404 Not Found", "not a number".into()),
    };
    write!(client, "HTTP/1.0 {status}\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}

fn listed(number: u64) -> String {
    let words: Vec<String> = factors::factors(number).iter().map(u64::to_string).collect();
    words.join(" ")
}
