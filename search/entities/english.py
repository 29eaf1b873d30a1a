"""Words of English news that say what the name beside them is."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

_DATA = files("search.entities").joinpath("data")


def every(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


def _listed(name: str) -> frozenset[str]:
    lines = _DATA.joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


ORDINARY: Final = _listed("ordinary.txt") | every(
    # Rarer words than those of the list, that name well-known companies.
    "amazon caterpillar fidelity meta oracle reliance snap stripe visa"
)
"""Words that are written without a capital: a name like them needs better evidence."""

FIRST_NAMES: Final = _listed("first_names.txt")

HONORIFICS: Final = every(
    "Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Sir Dame Lord Lady Prof Prof."
)
TITLES: Final = HONORIFICS | every("""
    President Vice-President Ex-President Chancellor Premier Minister Secretary Senator
    Sen. Sen Congressman Congresswoman Congressmember Representative Rep. Rep Governor
    Gov. Gov Mayor Judge Justice Magistrate Prosecutor Attorney Ambassador Commissioner
    Chairman Chairwoman Chairperson Chair Chief CEO CFO COO CTO CIO Executive Officer
    Director Founder Co-founder Co-Founder Cofounder Owner Boss President-elect Speaker
    King Queen Prince Princess Duke Duchess Pope Cardinal Archbishop Bishop Rev. Reverend
    Rabbi Imam Ayatollah Sheikh Emir Sultan General Gen. Gen Lt. Colonel Col. Major Maj.
    Captain Capt. Lieutenant Sergeant Sgt. Admiral Adm. Commander Marshal Brigadier
    Spokesman Spokeswoman Spokesperson Economist Analyst Strategist Professor Coach
    Manager Striker Midfielder Defender Goalkeeper Quarterback Detective Inspector
    Constable Superintendent Sheriff MP MEP Prime Deputy Treasurer Comptroller Actor
    Actress Singer Author Envoy Lawmaker Leader Councillor Councilman Councilwoman
    """)
"""What stands before a person's name with a capital."""

CALLINGS: Final = every("""
    president vice-president chancellor premier minister secretary senator congressman
    congresswoman governor mayor judge prosecutor attorney lawyer ambassador commissioner
    chairman chairwoman chief executive officer director founder co-founder cofounder
    owner boss head spokesman spokeswoman spokesperson economist analyst strategist trader
    professor lecturer researcher scientist coach manager captain striker midfielder
    defender goalkeeper goalie winger fullback prop forward hooker batsman bowler
    all-rounder paceman spinner seamer opener quarterback pitcher outfielder detective
    inspector sheriff actor actress
    singer rapper musician author writer novelist journalist columnist editor reporter
    envoy lawmaker legislator leader activist campaigner architect artist banker barrister
    billionaire biologist businessman businesswoman candidate chef chemist colleague
    compatriot comedian composer conductor consultant correspondent councillor countryman
    critic defendant designer developer dictator diplomat doctor driver economist emperor
    engineer entrepreneur expert farmer filmmaker financier footballer gymnast guard
    guitarist historian husband inventor investor jockey king lawmaker magnate
    mathematician meteorologist mogul nominee officer official opponent painter partner
    photographer physician physicist pilot player playwright poet politician presenter
    principal producer psychologist queen racer rival runner sculptor seed skier soldier
    specialist sprinter superintendent surgeon swimmer teacher treasurer tycoon
    undersecretary veteran victim wife widow son daughter brother sister father mother
    """)
"""What somebody is: before a name, or behind it after a comma."""

CALENDAR: Final = every("""
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    """)

OFFICES: Final = every("""
    Agriculture Commerce Culture Defence Defense Economy Education Employment Energy
    Environment Finance Foreign Affairs Health Home Homeland Housing Immigration Industry
    Information Interior Justice Labor Labour Planning Science Security Social Sport State
    Technology Tourism Trade Transport Transportation Treasury Urban Veterans War Welfare
    """)
"""What ministers are of: Minister of Commerce Wang Wentao."""

LEADS: Final = every(
    """
    American British English French German Italian Spanish Chinese Japanese Russian Indian
    Australian Canadian Dutch Swiss Swedish Irish Scottish Welsh European African Asian
    Israeli Palestinian Iraqi Iranian Turkish Greek Polish Mexican Brazilian Korean
    The A An In On At By For From With And Or But If As It He She They We You I His Her
    This That These Those When While After Before What Why How Who Where There Here Its
    Our My Your Their Not No Yes Also Meanwhile However Now Then Still Yet Under Over
    """
)
"""What stands before names with a capital of its own: "Then Jane Doe", "German Jan Ullrich"."""

NO_PERSON: Final = LEADS | every("""
    Academy Administration Agency Airlines Airport Airways Alliance Army Arena Assembly
    Associates Association Authority Avenue Award Awards Bank Bancorp Board Bridge Brothers
    Bros Building Bureau Cabinet Capital Castle Cathedral Catholic Center Centre Championship
    Championships Church City Club College Commission Committee Communications Community
    Companies Company Conference Congress Corp Corporation Council County Court Cup
    Department District Division Electric Energy Entertainment Enterprises Exchange
    Federation Festival Fields Financial Football Force Forces Foods Foundation Fund Funds
    Games Gas Government Group Hall Hospital Hotel Hotels House Inc Industries Institute
    Insurance International Island Islands Journal League Library Life Line Lines Ltd
    Magazine Management Market Markets Media Memorial Mining Ministry Mountain Mountains
    Museum Mutual National Navy Network News Office Oil Open Organization Palace Park
    Partners Partnership Party Petroleum Pharmaceuticals Police Post Press Prize Products
    Program Project Properties Province Radio Railway Records Region Republic Research
    Resort Resources River Road School Securities Senate Series Services Society Software
    Solutions Square Stadium Station Steel Stores Street Studios Summit Systems Tech
    Technologies Telecom Telegraph Theater Theatre Times Tour Tower Town Trial Tribune
    Trophy Trust Union United Unit University Valley Village Works World Yard Zoo
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    January February March April May June July August September October November December
    North South East West Northern Southern Eastern Western New Great Saint St. San Los
    US U.S. UK U.K. EU U.N. UN
    """)
"""No part of a person's name."""

FOLLOWERS: Final = every("""
    Academy Arena Avenue Award Awards Bridge Building Center Centre Church City College
    County Court Creek Field Foundation Hall High Hospital Hotel Institute Island Lake
    Library Memorial Museum Observatory Park Prize River Road School Square Stadium Street
    Theater Theatre Tower Towers University Valley
    """)
"""Behind a single word these name another thing: Ford Foundation, Apple Street."""

NAMESAKES: Final = FOLLOWERS | every("""
    Airport airport avenue boulevard Boulevard bridge Foundation foundation hospital library
    museum school stadium street university
    """)
"""Behind the name of a person these are called after him or her."""

FORMS: Final = every("""
    Inc Inc. Corp Corp. Corporation Ltd Ltd. Limited plc PLC Plc LLC LLP GmbH AG SA S.A.
    NV N.V. BV B.V. AB ASA A/S Oy Oyj SpA S.p.A. Bhd Bancorp KGaA KK SARL Srl inc corp ltd
    """)
"""Legal forms, as printed behind the name of a company."""

SURNAMES_FIRST: Final = every("""
    Bai Ban Cai Cao Chang Chen Cheng Choi Chu Cui Dai Deng Ding Dong Du Fan Fang Feng Fu
    Gao Geng Gong Gu Guo Han He Hong Hou Hu Hua Huang Jeong Ji Jia Jiang Jin Jung Kang Kim
    Kong Lai Lam Lee Lei Li Liang Liao Lim Lin Liu Lu Luo Lv Ma Mao Meng Moon Mu Ng Nguyen
    Ni Pan Pang Park Peng Pham Qian Qiao Qin Qiu Qu Ren Shao Shen Shi Shin Song Su Sun Tan
    Tang Tao Tian Tran Wan Wang Wei Wen Wong Wu Xi Xia Xiang Xiao Xie Xin Xing Xiong Xu
    Xue Yan Yang Yao Ye Yi Yin Yoon You Yu Yuan Zeng Zhang Zhao Zheng Zhong Zhou Zhu Zou
    """)
"""Surnames of China, Korea and Vietnam, where they stand first."""

SUFFIXES: Final = every("Jr Jr. Sr Sr. II III IV")
