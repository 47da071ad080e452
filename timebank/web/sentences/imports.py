"""Sentences for files that are refused as a whole; what is wrong with a row is worded in `imports/problems.py`."""

from typing import Final

SENTENCES: Final = {
    "import_columns_unclear": (
        "列的对照不对：每一列只能对一项，一项只能有一列。没有保存，也没有导入。请重新选。",
        "A column is one field, and a field one column. Nothing was imported or remembered. Choose again.",
    ),
    "import_no_such_columns": (
        "没有记住 {source} 这种表头。没有改动，也没有导入。",
        "Nothing is remembered of {source}. Nothing was imported or changed.",
    ),
    "import_file_too_large": (
        "文件有 {size_megabytes} MB，最多收 {limit_megabytes} MB。没有导入。请分成几份再导入。",
        "The file has {size_megabytes} MB, the most is {limit_megabytes} MB. Nothing was imported. Split it.",
    ),
    "import_empty_file": (
        "文件是空的。没有导入。请重新选择文件。",
        "The file is empty. Nothing was imported. Choose another file.",
    ),
    "import_not_a_table": (
        "这不是表格，内容是 {found}。没有导入。请另存为 .xlsx 或 .csv 再导入。",
        "This is not a table but {found}. Nothing was imported. Save it as .xlsx or .csv.",
    ),
    "import_not_a_workbook": (
        "这是压缩包，不是 Excel 表格。没有导入。请另存为 .xlsx 再导入。",
        "This is a zip file, not an Excel workbook. Nothing was imported. Save it as .xlsx.",
    ),
    "import_macro_workbook": (
        "表格里带有宏。没有导入。请另存为“Excel 工作簿 (.xlsx)”再导入。",
        "The workbook has macros. Nothing was imported. Save it as a workbook without macros (.xlsx).",
    ),
    "import_locked_workbook": (
        "表格有密码，或是老版本的 .xls。没有导入。请去掉密码，另存为 .xlsx 再导入。",
        "The workbook has a password or the old format .xls. Nothing was imported. Save it as .xlsx, unprotected.",
    ),
    "import_broken_workbook": (
        "表格打不开，文件可能损坏。没有导入。请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
        "The workbook cannot be read. Nothing was imported. Open it in Excel or WPS and save it again as .xlsx.",
    ),
    "import_unsafe_workbook": (
        "表格里有不该有的内容（XML 实体）。没有导入。请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。",
        "The workbook declares XML entities. Nothing was imported. Open it in Excel or WPS and save it again as .xlsx.",
    ),
    "import_workbook_too_large": (
        "表格展开后太大。没有导入。请把用不到的工作表和图片删掉，或分成几份再导入。",
        "Unpacked, the workbook is too large. Nothing was imported. Remove what is not needed, or split it.",
    ),
    "import_too_many_rows": (
        "表格超过 {limit} 行。没有导入。请分成几份再导入。",
        "The table has more than {limit} rows. Nothing was imported. Split it.",
    ),
    "import_too_many_columns": (
        "第 {line} 行超过 {limit} 列。没有导入。请删掉用不到的列再导入。",
        "Line {line} has more than {limit} columns. Nothing was imported. Remove the columns that are not needed.",
    ),
    "import_cell_too_long": (
        "第 {line} 行有一格超过 {limit} 个字。没有导入。请写短一些，也看看是不是少了一个引号。",
        "A cell in line {line} has more than {limit} characters. Nothing was imported. "
        "Shorten it; perhaps a quotation mark is missing.",
    ),
    "import_unreadable_text": (
        "第 {line} 行有认不出的文字。没有导入。请用 Excel 或 WPS 另存为 .xlsx 再导入。",
        "Line {line} cannot be read as text. Nothing was imported. Save the table as .xlsx.",
    ),
    "import_mixed_encodings": (
        "第 {line} 行的文字编码和前面的不一样。没有导入。请用 Excel 或 WPS 打开，核对后另存为 .xlsx 再导入。",
        "Line {line} is in another encoding than the lines before. Nothing was imported. Save it as .xlsx.",
    ),
    "import_nul_in_text": (
        "第 {line} 行有空字符，这可能不是表格，或者文件损坏了。没有导入。请重新导出再导入。",
        "Line {line} has a NUL character: this is no table, or it is damaged. Nothing was imported. Export it again.",
    ),
    "import_broken_quotes": (
        "第 {line} 行的引号不成对。没有导入。请补上引号，或用 Excel 另存为 .xlsx 再导入。",
        "The quotation marks in line {line} do not pair. Nothing was imported. Mend them, or save the table as .xlsx.",
    ),
    "import_headings_not_found": (
        "前 20 行里没有找到表头。没有导入。请对照模板，写上“姓名”“志愿者编号”这样的列名。",
        "No headings were found in the first 20 rows. Nothing was imported. Compare with the template.",
    ),
    "import_several_tables": (
        "有几张工作表都有数据：{sheets}。没有导入。请只留一张，其余另存成别的文件。",
        "Several worksheets hold tables: {sheets}. Nothing was imported. Keep one, save the others as files.",
    ),
    "import_no_rows": (
        "第 {line} 行是表头，下面没有内容。没有导入。",
        "Line {line} has the headings, and there is nothing below. Nothing was imported.",
    ),
    "import_merged_cells": (
        "第 {first_line} 到 {last_line} 行有合并的单元格。没有导入。请取消合并，把每一行填全。",
        "Cells are merged in lines {first_line} to {last_line}. Nothing was imported. Unmerge them and fill every row.",
    ),
    "import_missing_columns": (
        "缺少这些列：{columns}。没有导入。请补上再导入。",
        "These columns are missing: {columns}. Nothing was imported. Add them.",
    ),
    "import_other_kind_of_table": (
        "您要导入{wanted_zh}，但这份文件像是{found_zh}。没有导入。请重新选择文件。",
        "You are importing a {wanted_en}, but this file looks like a {found_en}. Nothing was imported.",
    ),
    "import_duplicate_columns": (
        "“{headings}”都表示“{field}”。没有导入。请只留一列。",
        "“{headings}” both mean “{field}”. Nothing was imported. Keep one of them.",
    ),
    "import_heading_missing": (
        "{column} 列没有列名，但第 {line} 行有内容。没有导入。请写上列名，或删掉这一列。",
        "Column {column} has no heading, but line {line} has content in it. Nothing was imported. Name or remove it.",
    ),
    "file_has_problems": (
        "文件里有 {wrong_lines} 行要改（第 {lines} 行）。没有导入任何一行。请改好以后再导入一次。",
        "{wrong_lines} lines of the file are wrong (lines {lines}). Nothing was imported. Mend them and try again.",
    ),
    "rows_imported_before": (
        "文件里有 {repeated_lines} 行以前已经录入（第 {lines} 行）。没有导入任何一行。请删掉这些行再导入。",
        "{repeated_lines} lines are in the books already (lines {lines}). Nothing was imported. Delete them.",
    ),
    "file_imported_before": (
        "这份文件（或同样的内容）已经由 {made_by} 导入，批次是 {batch}。没有导入第二次。请查看那一批。",
        "This file (or the same rows) came in before: batch {batch}, by {made_by}. Nothing was imported a second time.",
    ),
    "nothing_to_import": (
        "文件里没有可导入的行。没有导入。请核对文件。",
        "There are no rows in the file. Nothing was imported. Check the file.",
    ),
    "opening_balances_closed": (
        "期初余额只能在启用后 {limit_days} 天内转入，最后一天是 {last_day}，已经过了。没有导入。请和管理员商量。",
        "Opening balances can come in for {limit_days} days; the last one was {last_day}. Nothing was imported. "
        "Ask the administrator.",
    ),
}
