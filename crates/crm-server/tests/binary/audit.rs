//! `crm audit verify`.

use crate::picture::jpeg;
use crate::salon::{Desk, Salon};

const WHOLE: &str = "The audit log is as it was written.";
const TAMPERED: &str = "The audit log was tampered with.";

/// Three clients got a photo, and the server that did it wrote a log.
async fn salon_with_a_log() -> Salon {
    let salon = Salon::with_clients(3).await;
    let (server, desk) = (salon.start_logging("log"), Desk::new());
    for client in ["c1", "c2", "c3"] {
        desk.upload(&server, client, &jpeg(40, 30, 90)).await.unwrap().error_for_status().unwrap();
    }
    assert_eq!(server.terminate().0, Some(0));
    salon
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_touched_is_whole() {
    let salon = salon_with_a_log().await;
    assert_eq!(salon.succeed("audit verify", &[]), ["3 entries checked, 0 anchors compared", WHOLE]);
    assert_eq!(salon.succeed("audit verify --log log", &[]), ["3 entries checked, 3 anchors compared", WHOLE]);
    let missing = salon.run("audit verify --log nothing", &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("the log nothing can't be read"), "{missing:?}");
    salon.write("other", "a log of something else");
    let other = salon.run("audit verify --log other", &[]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("the log other holds no anchors"), "{other:?}");
    let elsewhere = salon.run("audit verify", &[("CRM_DATABASE_URL", "sqlite://elsewhere.db")]);
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("there is no audit log to read"), "{elsewhere:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_found_and_entries_that_were_cut_off_with_their_end_are_found_by_the_servers_log() {
    let salon = salon_with_a_log().await;
    salon.database.execute("DROP TRIGGER crm_audit_no_update; DROP TRIGGER crm_audit_no_delete").await;
    let verify = |arguments: &str| {
        let output = salon.run(arguments, &[]);
        let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
        (output.status.code(), lines)
    };
    salon.database.execute("UPDATE crm_audit SET user_id = 'nobody' WHERE position = 2").await;
    let (code, lines) = verify("audit verify");
    let altered = "tenant t1, chain 0: entry 2 is not the one that was written";
    assert_eq!(
        (code, lines),
        (Some(1), ["3 entries checked, 0 anchors compared", altered, TAMPERED].map(str::to_owned).into())
    );

    let cut = "DELETE FROM crm_audit WHERE position > 1; UPDATE crm_audit_heads SET position = 1, \
               hash = (SELECT hash FROM crm_audit) WHERE lane = 0";
    salon.database.execute(cut).await;
    assert_eq!(verify("audit verify").0, Some(0), "the database alone can't tell");
    let (code, lines) = verify("audit verify --log log");
    assert_eq!((code, lines.len()), (Some(1), 4), "{lines:?}");
    assert_eq!(lines[1], "tenant t1, chain 0: entry 3 is not the one that the log speaks of");
}
