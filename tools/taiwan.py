"""Simplified Chinese as Taiwan writes it: OpenCC's characters and terms, and what it leaves.

A word of `WORDS` is looked for in what OpenCC has written, as a regular expression, in this order.
"""

import re

from opencc import OpenCC

OPENCC = OpenCC("s2twp")
WORDS = {
    # What OpenCC takes for another word, or finds across the border of two.
    "引數": "參數",
    "區域性極": "局部極",
    "隻": "只",
    "里": "裡",
    "麴": "曲",
    "箇中": "個中",
    "導陣列成": "導數組成",
    "推匯": "推導",
    "映象": "鏡像",
    "舍入": "捨入",
    "蕩": "盪",
    "連線曲面": "連接曲面",
    "的演算法": "的算法",
    "釋出的": "發布的",
    "評分專案": "評分項目",
    "點的型別": "點的類型",
    r"\| 型別": "| 類型",
    # Words of the mainland that it knows no other for.
    r"(?<![導參函])數組(?![成合])": "陣列",
    # On paper it would be 列印.
    "[打列]印(出(?=來)|(?!，或存))": "印出",
    "丟擲": "拋出",
    "運行": "執行",
    "執行得好好的": "運作得好好的",
    "返回": "回傳",
    "實參": "引數",
    "元組": "tuple",
    "檔案列表": "檔案清單",
    "頁面列表": "頁面清單",
    "拖進列表": "拖進清單",
    "列表上方": "清單上方",
    "在列表裡換": "在選單裡換",
    "列表": "串列",
    "下標": "索引",
    "這個類(?![別型])": "這個類別",
    "(?<![倉式料])庫": "函式庫",
    "倉庫": "儲存庫",
    "單元格": "儲存格",
    "文本": "文字",
    "控制元件": "控制項",
    "工具欄": "工具列",
    "滑塊": "滑桿",
    "重置": "重設",
    "引用塊": "引文框",
    "幻燈片": "投影片",
    "畫素": "像素",
    "計算機(?!率)": "電腦",
    "識別": "辨識",
    "響應": "回應",
    "大語言模型": "大型語言模型",
    "噪聲": "雜訊",
    "方差": "變異數",
    "正態分佈": "常態分布",
    "秩相關": "等級相關",
    "點積": "內積",
    "黑塞矩陣": "海森矩陣",
    "滑動(?=均方根|平均)": "移動",
    "(自適應|一階|二階|兩個)矩(?!陣)": r"\1動差",
    r"\| 矩 \|": "| 動差 |",
    "豎線": "垂直線",
    "豎直": "垂直",
    # A function of mathematics, where OpenCC thinks of code.
    r"((?:二次|指數|任何|結果代入|\bt\$? 的))函式": r"\1函數",
    "）是一個函式：輸入": "）是一個函數：輸入",
    "當且僅當": "若且唯若",
    "不匹配": "不符",
    "按升序": "由小到大",
    "瞎猜": "亂猜",
    "量身定製": "量身訂做",
    # Browsers and what is installed.
    "標籤頁": "分頁",
    "訪問": "造訪",
    "軟體包": "套件",
    "源文字": "原始文字",
    "隱私視窗": "無痕視窗",
    "已選中": "已選取",
    "然後選中": "然後選取",
    "發到": "傳到",
    "批註": "註解",
    "儘可能": "盡可能",
    "“": "「",
    "”": "」",
    # What the lecture writes in these characters, beside the same.
    r"^(\| (\w{1,9}) \| [\w ]{1,40})（講義：\2）": r"\1",
    r"(\w{1,9}) / \1": r"\1",
    # Rows and columns, in outputs, of which the English is not known.
    "這一行的執行從": "這一列的執行從",
}
# Rows are called in Taiwan as columns are on the mainland. Neither is meant where the word is a
# part of another, or a line of code; in the English of such a text there is no row and no column.
ROW = r"(?<![執運進爬排另通平可流施發旅並銀自])行(?![為動榜業程星人駛列得文公式]| ?\$|就能)"
COLUMN = "(?<![陣排系序並數下串具])列(?![出印為舉表成]|的(?:是|執行從))"
TURNED = re.compile(f"(?P<row>{ROW})|{COLUMN}")


def as_in_taiwan(text: str, english: str = "") -> str:
    """Return a simplified text in Traditional Chinese; `english` is what it translates."""
    text = OPENCC.convert(text)
    for pattern, word in WORDS.items():
        text = re.sub(pattern, word, text)
    if not re.search(r"\b(row|column)s?\b", english, re.IGNORECASE):
        return text
    # 欄 is clear in every table, but a column of a matrix, or a vector, has its own word.
    column = "行" if re.search("matri|vector", english) else "欄"
    return TURNED.sub(lambda found: "列" if found["row"] else column, text)
