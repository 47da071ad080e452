"""Sentences of trainings."""

from typing import Final

SENTENCES: Final = {
    "training_unclear": (
        "培训要写名称和主办单位，各 1 到 {name_max} 个字，内容最多 {content_max} 个字。没有登记。",
        "A training has a name and an organiser of 1 to {name_max} characters, and at most {content_max} about it. "
        "Nothing was saved.",
    ),
    "training_too_long": (
        "培训时长要在 1 分钟到 {minutes_max} 之间。没有登记。",
        "A training lasts from a minute to {minutes_max}. Nothing was saved.",
    ),
    "training_not_yet": (
        "培训日期 {trained_on} 还没到。没有登记。请在培训以后登记。",
        "The day of the training, {trained_on}, is still to come. Nothing was saved. Record it afterwards.",
    ),
    "nobody_trained": (
        "一次要写 1 到 {volunteers_max} 位，现在是 {volunteers} 位。没有改动。",
        "Name 1 to {volunteers_max} volunteers at once; there are {volunteers}. Nothing was changed.",
    ),
    "training_recorded_already": (
        "{volunteer} 这一天的“{course}”已经登记过了。没有再登记。",
        "{course} on that day is recorded for {volunteer} already. Nothing was saved.",
    ),
    "training_of_yourself": (
        "{volunteer} 是您本人、登记的亲属或同住人，需要由别人办。没有改动。",
        "{volunteer} is yourself, a declared relative or lives in your household; somebody else must do this. Nothing "
        "was changed.",
    ),
    "training_decided": (
        "{volunteer} 的这条培训记录已经处理过了。没有再改动。请刷新名单。",
        "This training of {volunteer} was decided before. Nothing was changed. Reload the list.",
    ),
    "training_needs_another": (
        "{volunteer} 的这条培训是您登记的，请另一位工作人员通过。没有改动。",
        "You recorded this training of {volunteer}, so somebody else must approve it. Nothing was changed.",
    ),
    "training_reason_missing": (
        "退回培训记录要写原因，1 到 {characters_max} 个字。没有改动。",
        "Say why a training is rejected, in 1 to {characters_max} characters. Nothing was changed.",
    ),
    "no_such_training": (
        "没有找到这条培训记录。没有改动。请从名单重新打开。",
        "There is no such training. Nothing was changed. Open it from the list.",
    ),
}
