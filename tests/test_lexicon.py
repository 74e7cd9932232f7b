"""The lexicon of policy terms: well formed, kept whole, and harmless to the words around its terms."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import jieba
import pytest

LEXICON = Path(__file__).parent.parent / "searcher" / "data" / "policy_lexicon.txt"
ENTRY = re.compile(r"([\u4e00-\u9fff]{2,10}) ([1-9][0-9]*) (n|nt|l)")

# Longer terms that are one word although another term of four characters stands in them:
# names of bodies, the stems of such names, and words that fall into nonsense when they are cut.
MAY_HIDE = re.compile(
    r".+(部|厅|局|委|委员会|办公室|总署|总局|社|院|会|中心|部门|机关|小组)"
    r"|人力资源社会保障|人力资源和社会保障|住房城乡建设|住房和城乡建设"
    r"|可再生能源|非物质文化遗产|不正当竞争|法定代表人|中小微企业|土地增值税|环境保护税|非化石能源|征求意见稿|高技能人才"
)


def entries() -> list[tuple[str, int, str]]:
    """Every entry of the lexicon, in the order of the file."""
    found = []
    for line in LEXICON.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        match = ENTRY.fullmatch(line)
        assert match, f"not `term frequency tag`: {line!r}"
        found.append((match[1], int(match[2]), match[3]))
    return found


TERMS = [term for term, _, _ in entries()]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    """A jieba tokenizer that knows the lexicon and keeps its cache to itself."""
    jieba.setLogLevel(logging.ERROR)
    made = jieba.Tokenizer()
    made.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    made.initialize()
    for term, frequency, tag in entries():
        made.add_word(term, frequency, tag)
    return made


def test_the_file_is_plain() -> None:
    data = LEXICON.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")


def test_there_are_enough_terms_and_none_twice() -> None:
    assert len(TERMS) >= 600
    assert len(TERMS) == len(set(TERMS))


def test_frequencies_are_modest() -> None:
    assert all(3 <= frequency <= 2000 for _, frequency, _ in entries())


def test_no_term_hides_another() -> None:
    """Search mode shows the parts of two and three characters of a long word, and no longer ones."""
    known = set(TERMS)
    hiding = [
        (term, part)
        for term in TERMS
        if not MAY_HIDE.fullmatch(term)
        for start in range(len(term))
        for end in range(start + 4, len(term) + 1)
        if (part := term[start:end]) != term and part in known
    ]
    assert hiding == []


@pytest.mark.parametrize("hmm", [False, True])
def test_every_term_is_kept_whole(tokenizer: jieba.Tokenizer, hmm: bool) -> None:  # noqa: FBT001
    assert [term for term in TERMS if list(tokenizer.cut(term, HMM=hmm)) != [term]] == []


@pytest.mark.parametrize(
    "cut",
    [
        "深化/工业互联网/标识解析/体系/建设",
        "工业互联网/平台/是/关键",
        "支持/专精特新/中小企业/上市",
        "深化/放管服/改革/优化/营商环境",
        "加快/形成/新质生产力",
        "推动/碳达峰碳中和/工作",
        "深入/实施/智能制造/工程/和/绿色制造/工程",
        "非物质文化遗产/代表性/项目",
        "由/工业和信息化部/会同/财政部/制定",
        "各地/工业和信息化/主管部门",
        "国家发展和改革委员会",
        "省/发展改革/委员会",
        "把/扩大内需/战略/同/供给侧结构性改革/结合/起来",
    ],
)
def test_policy_prose(tokenizer: jieba.Tokenizer, cut: str) -> None:
    for hmm in (False, True):
        assert "/".join(tokenizer.cut(cut.replace("/", ""), HMM=hmm)) == cut


@pytest.mark.parametrize(
    "cut",
    [
        "中国/家庭/的/消费结构/正在/变化",  # 中国家
        "中国/梦想",  # 中国梦
        "一双/碳纤维/手套/也/能/带动/出口",  # 双碳
        "绿色/制造业/成为/新/的/增长点",  # 绿色制造
        "大型/智能/制造商/纷纷/设厂",  # 智能制造
        "提高/职工/业务水平",  # 工业
        "工业/互联网络/正在/铺开",  # 工业互联网
        "数字/经济体/之间/的/合作",  # 数字经济
        "发展/绿色/金融机构",  # 绿色金融
        "工业/设计师/协会",  # 工业设计
        "政府/投资人",  # 政府投资
        "采购/人员",  # 采购人
        "续/贷款",  # 续贷
        "算/力气",  # 算力
        "碳/汇率",  # 碳汇
        "一件/事情/办完",  # 一件事
        "中央/企业家",  # 中央企业
        "城市/群众/文化/活动",  # 城市群
        "上市公司/治理",  # 公司治理
        "本人/社保卡",  # 人社
        "国务院/应急管理/部门/应当/会同/有关/部门",  # 应急管理部
        "县级/以上/人力资源社会保障/部门/负责",  # 人力资源社会保障部
        "生态环境/部门/和/生态环境部",
        "农业农村/部门",
        "卫生健康/委员会",  # 卫生健康委
        "思政/课堂",  # 思政课
    ],
)
def test_words_around_a_term_are_left_alone(tokenizer: jieba.Tokenizer, cut: str) -> None:
    assert "/".join(tokenizer.cut(cut.replace("/", ""), HMM=False)) == cut


def test_a_department_is_no_ministry(tokenizer: jieba.Tokenizer) -> None:
    """应急管理部门 was once cut as 应急管理部, 门."""
    ministries = [term for term in TERMS if term.endswith("部") and len(term) > 2]
    assert ministries
    for name in ministries:
        assert list(tokenizer.cut(name + "门", HMM=False))[-1] == "部门", name
