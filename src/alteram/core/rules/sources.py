"""The published requirements that the library makes checkable, each with where it was found and how.

An identifier is a letter for the family and a number. Status: F the text itself was read, S a secondary source,
G general knowledge. This is a list of references, not of rules: what each kind of requirement asks is said beside it.

>>> SOURCES["R6"].status
'S'
"""

from dataclasses import dataclass

from alteram.core.rules.standards import SourceStatus


@dataclass(frozen=True, slots=True)
class Source:
    """Where a published requirement was found."""

    id: str
    citation: str
    status: SourceStatus


def _read(table: str) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for line in table.strip().splitlines():
        name, status, citation = line.split(maxsplit=2)
        found[name] = Source(name, citation, "F" if status == "F" else "S" if status == "S" else "G")
    return found


SOURCES = _read("""
A1 S Acas Code para 2; lrdpublications.org.uk ch10; seltics.co.uk
A2 S Acas Code (personneltoday.com/employers-guides/disciplinary, workpocket.randstad.co.uk)
A3 S Acas Code (lrdpublications.org.uk; curwens.co.uk)
A4 S Acas Code para 6 (lrdpublications.org.uk; curwens.co.uk)
A5 S Acas Code para 8 (curwens.co.uk)
A6 S Acas Code para 9 (curwens.co.uk)
A7 S Acas Code para 9 (lrdpublications.org.uk)
A8 S Acas Code para 11
A9 S Acas Code para 12 (lrdpublications.org.uk)
A10 F Employment Relations Act 1999 s10 (uiu.org.uk; landaulaw.co.uk)
A11 F Employment Relations Act 1999 s10; Talon Engineering v Smith [2018] (landaulaw.co.uk, xperthr)
A12 G Acas Code paras 18-21
A13 S Acas Code paras 26-29 (lawson-west.co.uk; workpocket.randstad.co.uk)
A14 S workpocket.randstad.co.uk
A15 S Acas Code (personneltoday.com)
A16 S cleardirectionhr.com; personneltoday.com
U1 F SO 150A api.parliament.uk/standing-orders/orders/317; parliament.uk IEP page
U2 F SO 150B api.parliament.uk/standing-orders/orders/318
U3 F SO 150B(6)
U4 F Erskine May 5.23 erskinemay.parliament.uk/section/6350
U5 F commonslibrary cbp-8944
U6 F Hansard 18 Oct 2022 (parallelparliament.co.uk)
U7 F ICGS processes page
U8 F w4mp.org
U9 F commonslibrary cbp-8369
U10 S phb.co.uk Kernaghan review note
U11 F Localism Act 2011 s28 via arun.gov.uk, cherwell.gov.uk
U12 F Cheshire West procedure, studylib.net/doc/18536390
N1 F Incorporated Societies Act 2022 (NZ) Sch 2 (nzoug.net/dispute-resolution-draft)
N2 F Incorporated Societies Act 2022 (NZ) Sch 2
N3 F Incorporated Societies Act 2022 (NZ) Sch 2
N4 F Incorporated Societies Act 2022 (NZ) s41 (plainlanguagelaw.ackama.com; lead.org.nz)
N5 G Incorporated Societies Act 2022 (NZ) Sch 2 cl 8
N6 F Electoral Act 1993 s55D (plainlanguagelaw.ackama.com/acts/DLM307518/LMS110150.html)
N7 F Electoral Act 1993 s55D
N8 F Electoral Act 1993 s55D
N9 F newsroom.co.nz 2022-03-30 (Commissioner proposal)
N10 F newsroom.co.nz; livenews.co.nz
N11 F stuff.co.nz 129140752; livenews.co.nz
N12 F rnz.co.nz/national/programmes/the-house 2018941341; RNZ 530921
N13 F newsroom.co.nz 2021-07-19 quoting Francis
N14 F 1news.co.nz 2022-08-22 (Labour rule as reported)
E1 F Directive (EU) 2019/1937 art. 9(1)(a) service.betterregulation.com/document/413646
E2 F Directive (EU) 2019/1937 art. 9(1)(b)
E3 F Directive (EU) 2019/1937 art. 9(1)(c)
E4 F Directive (EU) 2019/1937 art. 9(1)(d)-(e)
E5 F Directive (EU) 2019/1937 art. 9(1)(f)
E6 F Directive (EU) 2019/1937 art. 11
E7 S Directive (EU) 2019/1937 art. 9(1)(g) wiseguard.eu
E8 G Directive (EU) 2019/1937 art. 16
E9 G Directive (EU) 2019/1937 art. 18
E10 G Directive (EU) 2019/1937 arts. 19, 21
E11 G Directive (EU) 2019/1937 art. 22
E12 F Directive (EU) 2019/1937 art. 8 (blog.volkovlaw.com)
I1 F ISO 37002 cl 8.1 (read in scidsg/hushline docs/ISO-37002.md)
I2 F ISO 37002 8.1
I3 F ISO 37002 5.3.3
I4 F ISO 37002 5.3.2 c
I5 F ISO 37002 8.3.2
I6 F ISO 37002 8.3.1
I7 F ISO 37002 8.4.1
I8 F ISO 37002 8.4.1 b,c
I9 F ISO 37002 8.4.4
I10 F ISO 37002 8.5
I11 F ISO 37002 7.5.5 e
I12 F ISO 37002 8.2
I13 S ISO/TS 37008:2023 (theiteh.com, kordamentha.com)
I14 S ISO/TS 37008
P1 F PWSS Act 2023 s24CZ beta.worldlii.org
P2 F PWSS Act 2023 s24DA
P3 F ipsc.gov.au/resources
P4 F PWSS Act 2023 s16(2A)
P5 F PWSS Act 2023 s24A outline (ato.gov.au)
P6 F ipsc.gov.au/resources
P7 F ipsc.gov.au/resources
R1 F RONR 12th ed 63:2 (robertsrules.forumflash.com/topic/39801)
R2 F RONR 63:9; geocities mirror qa-094 (p.647)
R3 F RONR quoted in forumflash topic/9398
R4 S RONR 10th ed pp.645-652 via geocities mirror qa-094
R5 S RONR 10th ed p. 652 via geocities mirror qa-094
R6 S RONR; sites.google.com/site/paulmcclintockparliamentarian; forumflash 13386
R7 S RONR via forumflash 13386
R8 G RONR 63
R9 S RONR via geocities mirror qa-094
R10 F RONR 61:4 trantor.is
C1 F Haque v Faradhi [2023] EWHC 1135 (KB) muckle-llp.com, macfarlanes.com
C2 F Haque v Faradhi (muckle-llp.com)
C3 F Haque v Faradhi (macfarlanes.com)
C4 F issue litigated in Neslen v Evans [2021] EWHC 1909 (QB); outcome not checked
C5 F Williamson v Formby [2019] EWHC 2639 (QB) (casemine summary)
C6 F issue in Birch v Brookfield [2025] EWHC 732 (Comm); outcome not checked
C7 S shadownec.wordpress.com
C8 F Jones v McNichol [2016] EWHC 866 (QB) (application); PSIA-AASI 2026 snowprosengaged.com
C9 F Awatere Huata v Prebble CA34/04; Prebble v Huata SC CIV 9/2004 (scoop.co.nz)
C10 F Cal. Corp. Code 5341(c), 18320 (statutes.laws.com; self-law.org)
C11 S US club appeal reported at bizarrebridgeworld.blogspot.com 2014-01-14
C12 G Porter v Magill; Saxmere (NZ)
C13 G Ridge v Baldwin; Lee v Showmen's Guild
T1 S 34 CFR 106.45(b)(5)(vi)-(vii), 2020 text (law.cornell.edu opening; a district policy quoting it on flipbuilder)
T2 F 34 CFR 106.45(b)(5)(vi)
T3 F legalclarity.org on 106.45
T4 F Debian DAM appeal lists.debian.org/debian-project/2019/01/msg00116.html, msg00203
T5 S BC CRT: ahbl.ca; tickerdossier.com
T6 G OIA framework (section found, numbers from memory)
T7 F NixOS/org#184; 4minitz#390; jquery-governance#80
T8 F w3c/process#888 review thread
""")
