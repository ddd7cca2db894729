//! tmp
use sea_orm_migration::sea_orm::*;
use std::time::Instant;
#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut o = ConnectOptions::new(a[1].clone());
    o.set_schema_search_path("citaplanner_crm,public").max_connections(4);
    let db = Database::connect(o).await.unwrap();
    let t = Instant::now();
    match a[2].as_str() {
        "up" => migration::up(&db).await.unwrap(),
        "down" => migration::down(&db).await.unwrap(),
        _ => eprintln!("{:?}", migration::reconcile(&db).await.unwrap()),
    }
    eprintln!("{} {:?}", a[2], t.elapsed());
}
