"""Promises of hours, of their files and of what is typed in by insiders: the cases I, R and X of trust.md."""

from typing import Final

from tests.meta.promises import Promise

CODES: Final = "service/test_attending.py::TestTheCode"
PHONE: Final = "people/test_phone_codes.py::TestPhoneCodes"

HOURS_CASES: Final = (
    Promise("I1", "a file too large is refused before it is read", ("imports/test_reading.py::TestHowMuchIsRead",)),
    Promise("I3", "no entity of a workbook is expanded", ("imports/test_xlsx_guard.py::TestEntities",)),
    Promise("I4", "GB18030 is recognised, hanzi stay hanzi", ("imports/test_csv_reading.py::TestEncodings",)),
    Promise("I5", "marks of UTF-8 and UTF-16; mixed is refused", ("imports/test_csv_reading.py::TestEncodings",)),
    Promise("I6", "delimiters, line ends, quotes, long fields", ("imports/test_csv_reading.py::TestRows",)),
    Promise(
        "I7",
        "columns by name; missing, double and nameless ones stop the file",
        ("imports/test_columns.py::TestFindingColumns", "imports/test_columns.py::TestColumnsThatAreRefused"),
    ),
    Promise("I8", "a formula is a text", ("imports/test_hours_batches.py::TestWrongRows::test_a_formula_is_a_text",)),
    Promise("I9", "documented forms of days only", ("imports/test_moments.py::TestDates",)),
    Promise(
        "I10",
        "one wrong row keeps all out, all are named, a dry run is the same",
        (
            "imports/test_hours_batches.py::TestWrongRows",
            "imports/test_lines.py::TestAllProblemsAtOnce",
            "cli/test_import_commands.py::TestADryRun",
        ),
    ),
    Promise(
        "I11",
        "the same file, and the same rows, come in once",
        ("imports/test_batches.py::TestTheSameFile", "imports/test_columns.py::TestSameRows"),
    ),
    Promise("I12", "all or nothing when the program dies", ("imports/test_at_once.py::TestDyingHalfWay",)),
    Promise(
        "I13",
        "two files, and ten coordinators, at once",
        ("imports/test_at_once.py::TestTwoCoordinators", "service/test_at_once.py::TestSavingAtOnce"),
    ),
    Promise(
        "I15",
        "the content decides what a file is",
        ("imports/test_reading.py::TestWhatAFileIs", "imports/test_xlsx_guard.py::TestDisguises"),
    ),
    Promise("I16", "too many rows are refused before the work", ("imports/test_reading.py::TestHowMuchIsRead",)),
    Promise("I18", "nothing of an upload that breaks off is left", ("web/test_uploads.py::TestCutOff",)),
    Promise("I19", "a file needs a second person", ("imports/test_uploads.py::TestTwoPersons",)),
    Promise("I20", "no picture is ever read", ("imports/test_uploads.py::TestPictures",)),
    Promise("I21", "what was written out reads in again", ("imports/test_error_file.py::TestGivingItBack",)),
    Promise("I22", "no room left: 507 and nothing partial", ("web/test_uploads.py::TestNoRoomLeft",)),
    Promise("R1", "an expired code is refused", (CODES, PHONE)),
    Promise("R2", "a used code is refused, for longer than it lives", (CODES, PHONE)),
    Promise("R3", "a changed code is refused", (CODES, PHONE)),
    Promise("R4", "a code is for one activity, person and purpose", (CODES, PHONE)),
    Promise("R6", "of many uses at once one counts", (CODES, PHONE)),
    Promise("R8", "a key with something else is a conflict", ("meta/test_request_keys.py::TestEveryOperation",)),
    Promise("R9", "what a till had parked is done once", ("browser/till/test_network_cuts.py::TestFiftyCuts",)),
    Promise(
        "R10",
        "an answer that was lost is given again, to the byte",
        ("web/api/test_requests.py::TestDoingOnce", "browser/till/test_network_cuts.py::TestFiftyCuts"),
    ),
    Promise("R11", "a retry while the first runs never posts", ("web/api/test_running.py::TestStillRunning",)),
    Promise(
        "R12",
        "pressed twice counts once",
        ("service/test_recording.py::TestPressedTwice", "market/test_redeeming_again.py::TestPressedTwice"),
    ),
    Promise("X1", "no hours without an approved activity that is over", ("service/test_checks.py::TestTheActivity",)),
    Promise(
        "X2",
        "not before end, confirmation, notice and day",
        ("service/test_confirming.py::TestWhatItWaitsFor", "service/test_confirming.py::TestConfirming"),
    ),
    Promise(
        "X3",
        "no check-out, two places, a crowd at one phone",
        ("service/test_patterns.py::TestWhatCodesAndCardsShow", "service/test_times.py::TestTwoAtOneTime"),
    ),
    Promise("X4", "the code of yesterday is refused", (CODES,)),
    Promise(
        "X5",
        "the same hours for a crowd are flagged",
        ("service/test_patterns.py::TestWhatOneRecorderTypes", "service/test_alike.py::TestThirtyAlike"),
    ),
    Promise(
        "X6",
        "late is a late entry with a reason",
        ("service/test_checks.py::TestTheDeadline", "service/test_recording.py::TestLateEntries"),
    ),
    Promise(
        "X8",
        "the same rule by page, program, command and file",
        (
            "service/test_four_eyes.py::TestFourEyes",
            "imports/test_batches.py::TestTwoPersons",
            "cli/test_hours_commands.py::TestHours",
            "web/test_further.py::TestTheApi",
        ),
    ),
    Promise(
        "X9",
        "nobody for themselves, their family or their household",
        ("service/test_checks.py::TestWhoRecords", "service/test_four_eyes.py::TestFourEyes"),
    ),
    Promise("X10", "one person stays one under two numbers", ("service/test_tables.py::TestFourEyes",)),
    Promise("X11", "two who approve each other say why", ("service/test_attending.py::TestRings",)),
    Promise(
        "X12",
        "undone after closing and goods gone: another person, and the goods are counted",
        ("market/test_undoing.py::TestWhoMayUndo", "market/test_second_looks.py::TestComingBackAfterTheShift"),
    ),
    Promise("X13", "a price takes two persons and a later day", ("market/test_price_list.py::TestTwoPersons",)),
    Promise(
        "X14",
        "one line of the trail for each act, refused ones too",
        ("books/test_trail.py::TestTheTrail", "meta/test_request_keys.py::TestEveryOperation"),
    ),
    Promise("X15", "who looked at whose data is noted, and the owner sees it", ("web/test_sights.py::TestLines",)),
    Promise(
        "X16",
        "a passbook unused for a year is not emptied by one person",
        ("market/test_second_looks.py::TestDormantPassbooks",),
    ),
    Promise(
        "X17",
        "stock is adjusted by two persons",
        ("market/test_stocktaking.py::TestWriteOff", "market/test_deliveries.py::TestCheckingIn"),
    ),
    Promise("X18", "many redemptions in an hour are held", ("market/test_pace.py::TestPace",)),
    Promise(
        "X20",
        "hours taken back after the points were spent become a debt, never a silent minus",
        ("service/test_reversing.py::TestReversing::test_points_that_were_spent_become_a_debt",),
    ),
    Promise("T2", "a code counts once, and nobody can use it again", (CODES, PHONE)),
    Promise(
        "T3",
        "the code is the activity's and turns; who never leaves and a crowd at one phone are asked about",
        (
            CODES,
            "service/test_attending.py::TestTheTimeThatCounts",
            "service/test_patterns.py::TestWhatCodesAndCardsShow",
        ),
    ),
    Promise(
        "T4",
        "invented hours: four eyes, an approved activity, a confirmation, a further approver of a long day",
        (
            "service/test_four_eyes.py::TestFourEyes",
            "service/test_checks.py::TestTheActivity",
            "service/test_confirming.py::TestWhatItWaitsFor",
            "service/test_further.py",
        ),
    ),
    Promise(
        "T5",
        "back-dated hours are late entries with a reason and a second look",
        ("service/test_checks.py::TestTheDeadline", "service/test_recording.py::TestLateEntries"),
    ),
    Promise(
        "T6",
        "nothing for oneself or one's family, and rings answer in words",
        (
            "service/test_checks.py::TestWhoRecords",
            "service/test_tables.py::TestFourEyes",
            "service/test_attending.py::TestRings",
        ),
    ),
)
"""Cases I, R and X of trust.md, and its threats T2 to T6; the till keeps some of them."""
