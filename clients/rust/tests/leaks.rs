//! Nothing is left behind. A test program of its own, because it counts what the whole process has.

mod common;

use common::*;
use serde_json::json;
use soundpost::channel::*;

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

fn mappings() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("soundpost (deleted)")).count()
}

fn round(directory: &Directory, number: usize) {
    for kind in [Kind::LocalSocket, Kind::SharedMemory] {
        let server = Server::bind(kind, directory, "round").unwrap();
        assert!(Server::bind(kind, directory, "round").is_err());
        std::thread::scope(|scope| {
            let client = scope.spawn(|| connect(kind, directory, "round").unwrap());
            let accepted = server.accept().unwrap();
            let client = client.join().unwrap();
            client.send_json(json!(number)).unwrap();
            assert_eq!(accepted.receive(LONG).unwrap().data, json!(number));
            match number % 3 {
                0 => accepted.close(),
                1 => client.shutdown(),
                _ => {}
            }
        });
        drop(server);
        assert!(connect(kind, directory, "round").is_err());
    }
    let (a, b) = Channel::pair("round", 10, Policy::Wait);
    a.send_json(json!(1)).unwrap();
    b.receive(LONG).unwrap();
}

#[test]
fn two_hundred_rounds_leave_nothing() {
    within_a_minute("rounds", || {
        let directory = Directory::new();
        round(&directory, 0);
        let before = (descriptors(), mappings());
        (0..200).for_each(|number| round(&directory, number));
        assert_eq!((descriptors(), mappings()), before);
        assert_eq!(before.1, 0);
        assert!(directory.files().is_empty());
    });
}
