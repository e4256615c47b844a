"""Headings in traditional characters, read as the simplified ones that the synonyms are written in.

Decides which character stands for which: those that our headings use (OpenCC, t2s; Apache-2.0).
"""

_TRADITIONAL = (
    "來係備傢傳價優儲內冊凈別剋創動務厤參員單噹國埰場寀寶導屬庫廠弔彆愛態應戶拚採換摺擴數時暫曆書會條業構"
    "標機檔檯歷淨準營狀現產産當發碼稅種稱積簡簽籤純級細結編總繫纍聯職臺與興蔘薦號衕裝製規計訊設許註証話詳"
    "認說説證議貨貴費賒賓質賬購贈輔辦農進適郵釦銀銷鏈鑑鑒鑲長門開間閤關陰階際離電項預頭額顏顔類顧颱飾餘髮"
    "鮮麪麫麵齡齣"
)
_SIMPLIFIED = (
    "来系备家传价优储内册净别克创动务历参员单当国采场采宝导属库厂吊别爱态应户拼采换折扩数时暂历书会条业构"
    "标机档台历净准营状现产产当发码税种称积简签签纯级细结编总系累联职台与兴参荐号同装制规计讯设许注证话详"
    "认说说证议货贵费赊宾质账购赠辅办农进适邮扣银销链鉴鉴镶长门开间合关阴阶际离电项预头额颜颜类顾台饰余发"
    "鲜面面面龄出"
)
SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""For `str.translate`."""
