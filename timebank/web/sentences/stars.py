"""Sentences for star cases that are not there, not reached, or not yours to decide."""

from typing import Final

SENTENCES: Final = {
    "no_such_star_award": (
        "没有找到这项星级评定。没有改动。请从待评定名单重新打开。",
        "There is no such star case. Nothing was changed. Open it from the list of cases.",
    ),
    "no_such_star_review": (
        "没有找到这项星级复核。没有改动。请从复核名单重新打开。",
        "There is no such review. Nothing was changed. Open it from the list of reviews.",
    ),
    "star_award_decided": (
        "{volunteer} 的 {level} 星评定已经处理过了。没有再改动。请刷新名单。",
        "The case of {volunteer} for {level} stars was decided before. Nothing was changed. Reload the list.",
    ),
    "star_opened_by_yourself": (
        "{volunteer} 的 {level} 星评定由您的审核引起，需要另一位工作人员评定。没有评定。",
        "You opened the case of {volunteer} for {level} stars, so somebody else must grant it. Nothing was granted.",
    ),
    "star_is_your_own": (
        "这是您本人（{volunteer}）的 {level} 星，需要由别人处理。没有改动。",
        "This is your own star ({volunteer}, level {level}); somebody else must decide. Nothing was changed.",
    ),
    "star_of_relative": (
        "{volunteer} 是您登记的亲属或同住人，{level} 星需要由别人处理。没有改动。",
        "{volunteer} is your declared relative or lives in your household; somebody else must decide about level "
        "{level}. Nothing was changed.",
    ),
    "star_no_longer_reached": (
        "{volunteer} 现有 {minutes}，{level} 星需要 {needed_minutes}，时长被更正过。没有评定。",
        "{volunteer} has {minutes} now, and level {level} needs {needed_minutes}: minutes were taken back. Nothing "
        "was granted.",
    ),
    "star_not_reached": (
        "{volunteer} 离 {level} 星还差 {missing_minutes}。没有开始评定。",
        "{volunteer} is {missing_minutes} short of level {level}. No case was opened.",
    ),
    "star_registered_too_short": (
        "{volunteer} 注册时间离 {level} 星的要求还差 {missing_months} 个月。没有开始评定。",
        "{volunteer} is {missing_months} months short of the time registered that level {level} asks for. No case was "
        "opened.",
    ),
    "star_rated_too_few": (
        "{volunteer} 离 {level} 星还差 {missing_ratings} 次评价。没有开始评定。",
        "{volunteer} is {missing_ratings} ratings short of level {level}. No case was opened.",
    ),
    "star_rated_too_low": (
        "{volunteer} 的平均评价是 {average} 星，{level} 星要求 {needed_average}。没有开始评定。",
        "{volunteer} is rated {average} on average; level {level} asks for {needed_average}. No case was opened.",
    ),
    "star_too_little_this_year": (
        "{volunteer} 今年的服务离 {level} 星的要求还差 {missing_minutes}。没有开始评定。",
        "{volunteer} is {missing_minutes} of service this year short of level {level}. No case was opened.",
    ),
    "star_trained_too_little": (
        "{volunteer} 参加的培训离 {level} 星的要求还差 {missing_minutes}。没有开始评定。",
        "{volunteer} is {missing_minutes} of training short of level {level}. No case was opened.",
    ),
    "star_case_still_open": (
        "{volunteer} 还有 {open_cases} 项复核或调查没有处理完，{level} 星先等一等。没有改动。请先处理完。",
        "{open_cases} reviews about {volunteer} are still open, so level {level} has to wait. Nothing was changed. "
        "Settle them first.",
    ),
    "star_not_your_level": (
        "{volunteer} 的 {level} 星由本社区评定，您只负责片区。没有改动。请找负责全社区的工作人员。",
        "Level {level} of {volunteer} is for the community to decide, and you work for an area only. Nothing was "
        "changed. Ask somebody who works for the whole community.",
    ),
    "star_upper_decides": (
        "{volunteer} 的 {level} 星由上级评定。没有改动。请先推荐给上级，再登记上级的结果。",
        "Level {level} of {volunteer} is granted by the level above. Nothing was changed. Recommend it, then record "
        "the answer.",
    ),
    "star_not_for_upper": (
        "{volunteer} 的 {level} 星在这里评定，不用推荐给上级。没有推荐。请直接评定。",
        "Level {level} of {volunteer} is granted here. Nothing was recommended. Grant it directly.",
    ),
    "star_recommended_already": (
        "{volunteer} 的 {level} 星 {recommended_on} 已推荐给{recommended_to}。没有再推荐。请等结果。",
        "Level {level} of {volunteer} was recommended to {recommended_to} on {recommended_on}. Nothing was changed. "
        "Wait for the answer.",
    ),
    "star_not_recommended": (
        "{volunteer} 的 {level} 星没有推荐过，不能登记结果。没有改动。请先推荐。",
        "Level {level} of {volunteer} was not recommended, so there is no answer. Nothing was changed. Recommend it "
        "first.",
    ),
    "star_recommended_by_yourself": (
        "{volunteer} 的 {level} 星是您推荐的，结果需要另一位工作人员登记。没有改动。",
        "You recommended level {level} of {volunteer}, so somebody else records the answer. Nothing was changed.",
    ),
    "star_outcome_day_wrong": (
        "{volunteer} 的 {level} 星：评定日期 {decided_on} 应在推荐（{recommended_on}）以后、今天以前。没有登记。",
        "Level {level} of {volunteer}: {decided_on} should lie between the recommendation ({recommended_on}) and "
        "today. Nothing was recorded.",
    ),
    "star_outcome_unnamed": (
        "请写明上级名称和文号，各 1 到 {characters_max} 个字（现在 {found_characters} 字）。没有改动。",
        "Name the level above and its document in 1 to {characters_max} characters each (now {found_characters}). "
        "Nothing was changed.",
    ),
    "star_outcome_reason_missing": (
        "{volunteer} 的 {level} 星没有通过，请写明上级的原因，最多 {characters_max} 字。没有登记。",
        "Level {level} of {volunteer} was not granted: give the reason from above, at most {characters_max} "
        "characters. Nothing was recorded.",
    ),
    "star_results_unreadable": (
        "文件里有几行看不懂，一行都没有登记。请改好再传。",
        "Some lines of the file cannot be read. Nothing was recorded. Mend them and send the file again.",
    ),
    "star_results_heading_missing": (
        "文件里缺少“{heading}”这一列。没有登记。请用下载的名单填写。",
        "The file has no column “{heading}”. Nothing was recorded. Fill in the list that was downloaded.",
    ),
    "star_result_not_waiting": (
        "{volunteer} 的 {stars} 星没有在等上级的结果。",
        "Level {stars} of {volunteer} does not wait for an answer from above.",
    ),
    "star_result_unclear": (
        "{volunteer} 的评定结果“{found}”看不懂，请写“通过”或“未通过”。",
        "The result “{found}” of {volunteer} is neither yes nor no.",
    ),
    "star_result_day_unclear": (
        "{volunteer} 的评定日期“{found}”看不懂，请写成 2026-11-20。",
        "The day “{found}” of {volunteer} cannot be read; write it as 2026-11-20.",
    ),
    "star_results_empty": (
        "文件里没有填评定结果。没有登记。请在“评定结果”一列写“通过”或“未通过”。",
        "No result is filled in. Nothing was recorded. Write yes or no into the column of results.",
    ),
    "star_no_next_level": (
        "{volunteer} 现在是 {level} 星，没有可以开始的下一星：已经最高、正在评定，或存折已关闭。没有改动。",
        "{volunteer} holds level {level} and no case can be opened above it: it is the highest, one is open, or the "
        "passbook is closed. Nothing was changed.",
    ),
    "star_review_closed": (
        "{volunteer} 的 {level} 星复核已经处理过了。没有再改动。请刷新名单。",
        "The review of {volunteer}, level {level}, was closed before. Nothing was changed. Reload the list.",
    ),
    "star_reason_missing": (
        "请写明原因，一行，最多 {characters_max} 字（现在 {found_characters} 字）。没有改动。",
        "Give a reason: one line, at most {characters_max} characters (now {found_characters}). Nothing was changed.",
    ),
    "star_not_on_notice": (
        "{volunteer} 的 {level} 星还没有公示。没有评定。请先公示 {working_days} 个工作日。",
        "Level {level} of {volunteer} was not announced yet. Nothing was granted. Put it on notice for {working_days} "
        "working days first.",
    ),
    "star_still_on_notice": (
        "{volunteer} 的 {level} 星公示到 {last_on}，还没有结束。没有评定。请从第二天起评定。",
        "Level {level} of {volunteer} is on notice until {last_on}. Nothing was granted. Grant it from the day after.",
    ),
    "star_objection_open": (
        "{volunteer} 的 {level} 星有 {objections} 条异议还没有答复。没有评定。请先答复。",
        "{objections} objections to level {level} of {volunteer} wait for an answer. Nothing was granted. Answer them "
        "first.",
    ),
    "star_on_notice_already": (
        "{volunteer} 的 {level} 星已经公示，到 {last_on}。没有再公示。请刷新名单。",
        "Level {level} of {volunteer} is on notice already, until {last_on}. Nothing was changed. Reload the list.",
    ),
    "star_no_notice_needed": (
        "现在的规则不要求公示。没有公示。可以直接评定。",
        "The rules in force ask for no notice. Nothing was announced. The star can be granted.",
    ),
    "star_notice_over": (
        "这项公示已经结束，不能在这里提异议。没有收下。请打服务站电话。",
        "This notice is over; nobody can object here any more. Nothing was received. Call the service station.",
    ),
    "star_objection_unclear": (
        "请写 5 到 {characters_max} 个字（现在 {found_characters} 字）。没有收下。",
        "Write 5 to {characters_max} characters (now {found_characters}). Nothing was received.",
    ),
    "star_too_many_objections": (
        "这项公示已有 {objections} 条异议在等答复。这一条没有收下。请打服务站电话。",
        "{objections} objections wait for an answer already. This one was not received. Call the service station.",
    ),
    "star_objection_answered": (
        "异议 {number} 已经答复过了。没有再改动。请刷新页面。",
        "Objection {number} was answered before. Nothing was changed. Reload the page.",
    ),
    "no_such_star_objection": (
        "没有找到这条异议。没有改动。请从评定名单重新打开。",
        "There is no such objection. Nothing was changed. Open it from the list of cases.",
    ),
    "star_not_your_application": (
        "这不是您提的申请，不能在这里撤回。没有改动。请找工作人员。",
        "This is not your application, so you cannot take it back. Nothing was changed. Ask the staff.",
    ),
}
