"""How the characters of the invented members' names are read, written down by hand.

Independent of the program's own readings on purpose: what finds members is compared with it.
"""

from itertools import product

_READ = """
王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin
何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng
曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng,ceng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia,gu
丁ding 魏wei 薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan
方fang 石shi,dan 姚yao 谭tan 廖liao 邹zou 熊xiong 金jin 陆lu 郝hao 孔kong 白bai 崔cui 康kang 毛mao
邱qiu 秦qin 江jiang 史shi 顾gu 侯hou 邵shao 孟meng 龙long 万wan,mo 段duan 雷lei 钱qian 汤tang 尹yin
黎li 易yi 常chang 武wu 乔qiao 贺he 赖lai 龚gong 文wen 翟zhai,di 单shan,dan,chan 解xie,jie
仇qiu,chou 查zha,cha 朴piao,pu 区ou,qu 盖ge,gai 华hua 覃qin,tan 尉wei,yu 缪miao,mou 欧ou 阳yang
上shang 官guan 司si 诸zhu 葛ge 迟chi 俟si,qi 长chang,zhang 令ling 狐hu 慕mu 容rong 伟wei 芳fang
娜na,nuo 秀xiu 英ying 敏min 静jing 丽li 强qiang,jiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan
涛tao 明ming 超chao 兰lan 霞xia 平ping 刚gang 桂gui 红hong 玉yu 建jian 国guo 梅mei 志zhi 海hai
春chun 燕yan 雪xue 荣rong 辉hui 飞fei 鹏peng 婷ting 慧hui 宇yu 欣xin 晨chen 浩hao 佳jia 子zi 梓zi
轩xuan 涵han 萱xuan 怡yi 雨yu 博bo 思si 嘉jia 俊jun 豪hao 琪qi 瑶yao 诗shi 语yu 泽ze 宏hong 鑫xin 波bo
斌bin 莹ying 倩qian 颖ying 萍ping 琳lin 云yun 凤feng 清qing 峰feng 东dong 亮liang 成cheng 利li
新xin 生sheng 永yong 健jian 凯kai 宁ning 帆fan 晓xiao 小xiao 天tian 一yi 可ke 心xin 若ruo 安an
乐yue,le 然ran 悦yue 彤tong 妍yan 晴qing 祎yi 赟yun 喆zhe 堃kun 婳hua 䶮yan 镕rong 茜qian,xi
行xing,hang,heng 朝chao,zhao 传chuan,zhuan 重zhong,chong 绿lv 旅lv 女nv 略lve 珏jue 筠yun,jun
颉jie,xie 芎xiong,qiong 翀chong 彧yu 翊yi 燚yi 犇ben 淼miao 焱yan 垚yao 骉biao 懿yi 曦xi 璟jing 琰yan
𬭎hong 瑨jin 玥yue 旻min 昶chang 龘da
"""
READINGS = {entry[0]: tuple(entry[1:].split(",")) for entry in _READ.split()}

FOLDED = {
    "Anna Smith": ("annasmith", ()),
    "王 Lily": ("王lily", ("wanglily", "lily", "wl", "l")),
    "Zoë Müller": ("zoëmvller", ()),
    "José": ("josé", ()),
    "Aisin-Gioro": ("aisingioro", ()),
    "陈2号": ("陈2号", ("chen2hao", "2hao", "hao", "c2h", "2h", "h")),
}
"""Names with letters or digits: as they are compared, and from where they are spoken."""


def folded_name(name: str) -> str:
    """Return a name as it is compared."""
    return FOLDED[name][0] if name in FOLDED else name


def spoken(name: str) -> list[str]:
    """Return pinyin and initials of a name, from each syllable to the end, in every reading; ü as v and as u."""
    if name in FOLDED:
        return list(FOLDED[name][1])
    syllables = [
        [way for reading in READINGS[c] for way in (reading, reading.replace("v", "u"))] for c in name
    ]
    ways = set(product(*syllables))
    ways |= {tuple(s[0] for s in way) for way in ways}
    return sorted({"".join(way[i:]) for way in ways for i in range(len(way))})
