//! The building board: every home once, with the strictest colour of whoever lives there.

use pass::Colour;
use store::{Store, StoreError};

use crate::{import, person, vehicle};

pub(crate) async fn every_home_at_a_glance(url: &str) {
    let store = Store::open(url).await.unwrap();
    let list = [
        person("和平小区", "10-1-101", "张小明", "", "绿"),
        person("和平小区", "2-1-1001", "王五", "", "黄"),
        person("和平小区", "2-1-1001", "王小五", "", "红"),
        person("和平小区", "2-1-1001", "王大五", "", "黄"),
        vehicle("和平小区", "2-1-901", "鄂A12345", "红"),
        person("建设小区", "1-1-101", "赵六", "", "绿"),
    ];
    import(&store, &list).await;
    let compound = store.compound_by_name("和平小区").await.unwrap().id;
    let homes = store.board(compound).await.unwrap();
    let seen: Vec<_> = homes
        .iter()
        .map(|home| (home.address.room.as_str(), home.residents, home.vehicles, home.colour()))
        .collect();
    assert_eq!(
        seen,
        [
            ("901", [0, 0, 0], 1, None),
            ("1001", [0, 2, 1], 0, Some(Colour::Red)),
            ("101", [1, 0, 0], 0, Some(Colour::Green)),
        ],
        "by number of building and room; a car alone makes no home lived in"
    );
    assert_eq!(store.home(compound, homes[1].household).await.unwrap(), homes[1].address);
    let absent = store.home(compound, 99).await;
    assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
}
