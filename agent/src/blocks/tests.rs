//! Files that were closed, filled, torn.

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn ids(blocks: &Blocks) -> Vec<(u64, u8)> {
    blocks.records().collect()
}

#[test]
fn records_outlive_the_process() {
    let folder = folder();
    let path = folder.path().join("spool");
    let long: Vec<u8> = (0..3000).map(|n| n as u8).collect();
    let mut blocks = Blocks::create(&path, 8, b"head").unwrap();
    blocks.put(1, 7, b"one").unwrap();
    blocks.put(2, 8, &long).unwrap();
    blocks.put(3, 9, b"").unwrap();
    blocks.remove(1).unwrap();
    drop(blocks);
    let mut blocks = Blocks::open(&path).unwrap();
    assert_eq!(ids(&blocks), [(2, 8), (3, 9)]);
    assert_eq!(blocks.get(2).unwrap().unwrap(), long);
    assert_eq!(blocks.get(3).unwrap().unwrap(), b"");
    assert_eq!(blocks.get(1).unwrap(), None);
    assert_eq!(blocks.n_free(), 4);
    assert_eq!(blocks.head(), b"head");
}

#[test]
fn a_full_file_refuses_and_keeps_what_it_has() {
    let folder = folder();
    let mut blocks = Blocks::create(&folder.path().join("spool"), 2, b"").unwrap();
    blocks.put(1, 0, &[1; PAYLOAD]).unwrap();
    let refused = blocks.put(2, 0, &[2; PAYLOAD + 1]);
    assert!(matches!(
        refused,
        Err(BlocksError::Full { needed: 2, free: 1 })
    ));
    assert_eq!(ids(&blocks), [(1, 0)]);
    blocks.remove(1).unwrap();
    blocks.put(2, 0, &[2; PAYLOAD + 1]).unwrap();
}

#[test]
fn a_torn_record_does_not_exist() {
    let folder = folder();
    let path = folder.path().join("spool");
    let mut blocks = Blocks::create(&path, 8, b"head").unwrap();
    blocks.put(1, 0, &[1; 2 * PAYLOAD]).unwrap();
    blocks.put(2, 0, b"two").unwrap();
    let second_part = u64::from(blocks.records[&1].blocks[1]) * BLOCK as u64;
    drop(blocks);
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(second_part + 500)).unwrap();
    file.write_all(b"x").unwrap();
    let blocks = Blocks::open(&path).unwrap();
    assert_eq!(ids(&blocks), [(2, 0)]);
    assert_eq!(blocks.n_free(), 7);
}

#[test]
fn a_torn_head_leaves_the_one_before() {
    let folder = folder();
    let path = folder.path().join("spool");
    let mut blocks = Blocks::create(&path, 1, b"first").unwrap();
    blocks.set_head(b"second").unwrap();
    let slot = blocks.head_generation % u64::from(HEADS) * BLOCK as u64;
    drop(blocks);
    assert_eq!(Blocks::open(&path).unwrap().head(), b"second");
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(slot + FRAME as u64)).unwrap();
    file.write_all(b"x").unwrap();
    assert_eq!(Blocks::open(&path).unwrap().head(), b"first");
}

#[test]
fn the_id_of_a_torn_record_is_not_given_again() {
    let folder = folder();
    let path = folder.path().join("journal");
    let mut blocks = Blocks::create(&path, 8, b"head").unwrap();
    blocks.put(1, 0, b"one").unwrap();
    blocks.put(2, 0, &[2; 2 * PAYLOAD]).unwrap();
    let torn = u64::from(blocks.records[&2].blocks[1]) * BLOCK as u64;
    drop(blocks);
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(torn)).unwrap();
    file.write_all(&[0; BLOCK]).unwrap();
    let mut blocks = Blocks::open(&path).unwrap();
    assert_eq!(ids(&blocks), [(1, 0)]);
    assert_eq!(blocks.next_id(), 3);
    // What is left of the torn one does not complete a shorter one of its id.
    blocks.put(2, 0, b"two").unwrap();
    drop(blocks);
    let mut blocks = Blocks::open(&path).unwrap();
    assert_eq!(blocks.get(2).unwrap().unwrap(), b"two");
}
