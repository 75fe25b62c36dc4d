"""How each language writes numbers with a scale, and percentage points, for tests of translations."""

# One row for each language and scale: 3.2 percentage points, 25 thousand, 5 million, 7 billion, 2 trillion.
# Semicolons separate several ways to write it.
_TABLE = """
de|percentage points|3,2 Prozentpunkte; 3,2 Prozentpunkten; 3,2 %-Punkte
de|thousand|25 Tausend; 25 Tsd.; 25.000
de|million|5 Millionen; 5 Mio.; 5-Millionen-Datensatz
de|billion|7 Milliarden; 7 Mrd.; 7-Milliarden-Modell
de|trillion|2 Billionen; 2 Bio.; 2.000 Milliarden; 2 Tausend Milliarden
fr|percentage points|3,2 points de pourcentage; 3,2 points
fr|thousand|25 mille; 25 milliers; 25 000
fr|million|5 millions
fr|billion|7 milliards; 7 Md; 7 Mds
fr|trillion|2 billions; 2 000 milliards; 2 mille milliards
es|percentage points|3,2 puntos porcentuales; 3,2 p. p.
es|thousand|25 mil; 25 millares
es|million|5 millones
es|billion|7 mil millones; 7000 millones; 7 millardos
es|trillion|2 billones; 2 millones de millones
it|percentage points|3,2 punti percentuali
it|thousand|25 mila; 25mila; 25 migliaia
it|million|5 milioni; 5 mln
it|billion|7 miliardi; 7 mld
it|trillion|2 trilioni; 2 bilioni; 2.000 miliardi; 2 mila miliardi
pt|percentage points|3,2 pontos percentuais; 3,2 p.p.
pt|thousand|25 mil; 25 milhares
pt|million|5 milhões; 5 mi
pt|billion|7 bilhões; 7 bi; 7 mil milhões
pt|trillion|2 trilhões; 2 tri
nl|percentage points|3,2 procentpunten; 3,2 procentpunt; 3,2 %-punt
nl|thousand|25 duizend
nl|million|5 miljoen; 5 mln
nl|billion|7 miljard; 7 mld
nl|trillion|2 biljoen; 2 duizend miljard
sv|percentage points|3,2 procentenheter; 3,2 %-enheter
sv|thousand|25 tusen
sv|million|5 miljoner; 5 mn
sv|billion|7 miljarder; 7 md
sv|trillion|2 biljoner; 2 tusen miljarder
da|percentage points|3,2 procentpoint; 3,2 procentpoints
da|thousand|25 tusind; 25 tusinde
da|million|5 millioner; 5 mio.
da|billion|7 milliarder; 7 mia.
da|trillion|2 billioner; 2 tusind milliarder
nb|percentage points|3,2 prosentpoeng; 3,2 %-poeng
nb|thousand|25 tusen
nb|million|5 millioner; 5 mill.
nb|billion|7 milliarder; 7 mrd.
nb|trillion|2 billioner; 2 tusen milliarder
fi|percentage points|3,2 prosenttiyksikköä; 3,2 prosenttiyksikön; 3,2 prosenttiyksiköllä; 3,2 %-yksikköä
fi|thousand|25 tuhatta; 25 tuhannen; 25 tuhansia
fi|million|5 miljoonaa; 5 miljoonan; 5 miljoonasta; 5 milj.
fi|billion|7 miljardia; 7 miljardin; 7 mrd.
fi|trillion|2 biljoonaa; 2 biljoonan; 2 tuhatta miljardia
pl|percentage points|3,2 punktu procentowego; 3,2 punktów procentowych; 3,2 p.p.
pl|thousand|25 tysięcy; 25 tysiąca; 25 tysiącami; 25 tys.
pl|million|5 milionów; 5 miliona; 5 mln
pl|billion|7 miliardów; 7 miliarda; 7 mld
pl|trillion|2 biliony; 2 bln
cs|percentage points|3,2 procentního bodu; 3,2 procentních bodů; 3,2 procentní body; 3,2 p. b.
cs|thousand|25 tisíc; 25 tisíce; 25 tis.
cs|million|5 milionů; 5 miliony; 5 miliónů; 5 mil.
cs|billion|7 miliard; 7 miliardy; 7 mld.
cs|trillion|2 biliony; 2 bilionů
hu|percentage points|3,2 százalékponttal; 3,2 százalékpontos; 3,2 %-pont
hu|thousand|25 ezer; 25 ezret; 25 ezres
hu|million|5 millió; 5 milliót; 5 milliós
hu|billion|7 milliárd; 7 milliárdos; 7 Mrd
hu|trillion|2 billió; 2 billiót; 2 ezer milliárd
ro|percentage points|3,2 puncte procentuale
ro|thousand|25 de mii; 25 mii
ro|million|5 milioane; 5 mil.; 5 de milioane
ro|billion|7 miliarde; 7 mld.
ro|trillion|2 trilioane; 2 mii de miliarde
el|percentage points|3,2 ποσοστιαίες μονάδες; 3,2 ποσοστιαίας μονάδας
el|thousand|25 χιλιάδες; 25 χιλιάδων; 25 χιλ.
el|million|5 εκατομμύρια; 5 εκατομμυρίων; 5 εκατ.
el|billion|7 δισεκατομμύρια; 7 δισεκατομμυρίων; 7 δισ.
el|trillion|2 τρισεκατομμύρια; 2 τρισ.
ru|percentage points|3,2 процентного пункта; 3,2 процентных пунктов; 3,2 п. п.
ru|thousand|25 тысяч; 25 тыс.
ru|million|5 миллионов; 5 миллиона; 5 млн
ru|billion|7 миллиардов; 7 млрд
ru|trillion|2 триллиона; 2 трлн
uk|percentage points|3,2 відсоткового пункту; 3,2 відсоткових пунктів; 3,2 процентних пунктів; 3,2 в. п.
uk|thousand|25 тисяч; 25 тисячі; 25 тис.
uk|million|5 мільйонів; 5 мільйона; 5 млн
uk|billion|7 мільярдів; 7 млрд
uk|trillion|2 трильйони; 2 трлн
tr|percentage points|3,2 yüzde puanı; yüzde 3,2 puan; 3,2 yüzdelik puan; %3,2 puan; 3,2 puan
tr|thousand|25 bin; 25 bine; 25 binden
tr|million|5 milyon; 5 milyonluk; 5 mn
tr|billion|7 milyar; 7 milyarlık
tr|trillion|2 trilyon; 2 trilyonluk
id|percentage points|3,2 poin persentase; 3,2 persen poin
id|thousand|25 ribu
id|million|5 juta
id|billion|7 miliar; 7 milyar
id|trillion|2 triliun
vi|percentage points|3,2 điểm phần trăm; 3,2 điểm %
vi|thousand|25 nghìn; 25 ngàn
vi|million|5 triệu
vi|billion|7 tỷ; 7 tỉ
vi|trillion|2 nghìn tỷ; 2 ngàn tỉ; 2.000 tỷ
zh|percentage points|3.2个百分点
zh|thousand|2.5万; 2万5千; 2万5000; 25千; 25,000
zh|million|500万; 5百万
zh|billion|70亿; 7十亿
zh|trillion|2万亿
zh-Hant|percentage points|3.2 個百分點
zh-Hant|thousand|2.5萬; 2萬5000
zh-Hant|million|500萬; 5百萬
zh-Hant|billion|70億; 7十億
zh-Hant|trillion|2兆; 2萬億
ja|percentage points|3.2パーセントポイント; 3.2パーセント・ポイント; 3.2ポイント; 3.2%ポイント
ja|thousand|2.5万; 2万5000; 2万5千; 2万5,000
ja|million|500万; 5百万
ja|billion|70億; 7十億
ja|trillion|2兆
ko|percentage points|3.2퍼센트포인트; 3.2퍼센트 포인트; 3.2%포인트; 3.2%p의
ko|thousand|2.5만; 2만 5천; 2만5천; 2만5000; 2만 5,000
ko|million|500만; 5백만
ko|billion|70억; 7십억
ko|trillion|2조
hi|percentage points|3.2 प्रतिशत अंक; 3.2 प्रतिशत अंकों; 3.2 प्रतिशत बिंदु
hi|thousand|25 हज़ार; 25 हजार; 25,000
hi|million|50 लाख; 5 मिलियन; 50,00,000
hi|billion|7 अरब; 7 बिलियन; 700 करोड़; 7,00,00,00,000
hi|trillion|2 ट्रिलियन; 2 लाख करोड़; 20 खरब
ar|percentage points|3.2 نقطة مئوية; ٣٫٢ نقاط مئوية
ar|thousand|25 ألف; 25 ألفًا; 25 الف; 25 آلاف
ar|million|5 ملايين; 5 مليون; 5 مليونًا
ar|billion|7 مليارات; 7 مليار
ar|trillion|2 تريليون; 2 تريليونات
he|percentage points|3.2 נקודות אחוז
he|thousand|25 אלף; 25 אלפים
he|million|5 מיליון; 5 מיליוני
he|billion|7 מיליארד; 7 מיליארדי
he|trillion|2 טריליון; 2 אלף מיליארד
fa|percentage points|3.2 واحد درصد
fa|thousand|25 هزار; ۲۵ هزار
fa|million|5 میلیون; ۵ میلیون
fa|billion|7 میلیارد; 7 ميليارد
fa|trillion|2 تریلیون; 2 هزار میلیارد
th|percentage points|3.2 จุดเปอร์เซ็นต์; 3.2 เปอร์เซ็นต์พอยต์
th|thousand|25 พัน; 2.5 หมื่น; 25,000
th|million|5 ล้าน
th|billion|7 พันล้าน
th|trillion|2 ล้านล้าน
"""
_COUNTS = {"percentage points": "3.2", "thousand": "25", "million": "5", "billion": "7", "trillion": "2"}


def rows() -> list[tuple[str, str, str]]:
    """The code of a language, English words, and what they are in that language, one or more ways."""
    lines = (line.split("|") for line in _TABLE.strip().splitlines())
    return [(code, f"{_COUNTS[scale]} {scale}", written) for code, scale, written in lines]
