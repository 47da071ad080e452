"""Problems: why a rule document is refused; each names the place in it (`path`, e.g. `ladders[0].steps[2]`)."""

from timebank.refusal import Refusal


class RuleDocumentInvalid(Refusal):
    """The document is no JSON object, or too long to be one of ours."""

    code = "rule_document_invalid"


class UnknownRuleKey(RuleDocumentInvalid):
    """There is no such value in a rule document; perhaps it is misspelt."""

    code = "rule_key_unknown"


class MissingRuleKey(RuleDocumentInvalid):
    """A value that every rule document must have is missing."""

    code = "rule_key_missing"


class RepeatedRuleKey(RuleDocumentInvalid):
    """A value stands twice in the same place: nobody could say which holds."""

    code = "rule_key_repeated"


class NotAWholeNumber(RuleDocumentInvalid):
    """The value must be a whole number; a text, a fraction and yes or no are none."""

    code = "rule_not_whole_number"


class NotAText(RuleDocumentInvalid):
    """The value must be a text on one line, without blanks at its ends."""

    code = "rule_not_text"


class NotYesOrNo(RuleDocumentInvalid):
    """The value must be true or false."""

    code = "rule_not_yes_no"


class NotAList(RuleDocumentInvalid):
    """The value must be a list."""

    code = "rule_not_list"


class NotAGroup(RuleDocumentInvalid):
    """The value must be a group of named values (a JSON object)."""

    code = "rule_not_group"


class NotADay(RuleDocumentInvalid):
    """The value must be a day, written 2026-10-01."""

    code = "rule_not_day"


class NotAClockTime(RuleDocumentInvalid):
    """The value must be a clock time, written 22:00."""

    code = "rule_not_clock_time"


class NotAChoice(RuleDocumentInvalid):
    """The value must be one of a few words."""

    code = "rule_not_choice"


class OutOfRange(RuleDocumentInvalid):
    """The number is smaller or larger than can be meant."""

    code = "rule_out_of_range"


class WrongLength(RuleDocumentInvalid):
    """The list or the text is shorter or longer than it may be."""

    code = "rule_wrong_length"


class NotACode(RuleDocumentInvalid):
    """A code has small letters, digits and underscores only."""

    code = "rule_not_code"


class ListedTwice(RuleDocumentInvalid):
    """The same code, name or day stands in the list twice."""

    code = "rule_listed_twice"


class LadderGap(RuleDocumentInvalid):
    """The steps of a ladder are not the levels 1, 2, 3 … each once and in order."""

    code = "rule_ladder_gap"


class LadderNotRising(RuleDocumentInvalid):
    """A step of a ladder asks for no more minutes than the one below it: the steps overlap."""

    code = "rule_ladder_not_rising"


class LadderMissing(RuleDocumentInvalid):
    """There is no ladder by which this community grants its stars."""

    code = "rule_ladder_missing"


class WrongYear(RuleDocumentInvalid):
    """A day of the table of working days lies in another year than it is listed under."""

    code = "rule_day_of_other_year"


class WrongWeekday(RuleDocumentInvalid):
    """A day off that is a weekend anyway, or a make-up workday that is a weekday anyway."""

    code = "rule_day_not_an_exception"


class CapWithoutPool(RuleDocumentInvalid):
    """A passbook has a cap, but the pool that would take what is above it is closed."""

    code = "rule_cap_without_pool"
