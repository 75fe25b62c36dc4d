import pytest

from bot.languages import language
from bot.summaries.localized import says_the_same

SAME = [
    ("de", "It keeps 12.5 % of the memory.", "Es behält 12,5 % des Speichers."),
    ("de", "It keeps 12.5% of the memory.", "Es behält 12,5 Prozent des Speichers."),
    ("de", "Accuracy rises by 3.1 points.", "Die Genauigkeit steigt um 3,1 Prozentpunkte."),
    ("de", "It saw 12,500 papers.", "Es sah 12.500 Arbeiten."),
    ("de", "It saw 1,234,567 tokens.", "Es sah 1 234 567 Token."),
    ("de", "It has 2.7 billion parameters.", "Es hat 2,7 Milliarden Parameter."),
    ("de", "Llama-2-7B beats GPT-4.", "Llama-2-7B schlägt GPT-4."),
    ("de", "The p-value is 0.125.", "Der p-Wert ist 0,125."),
    ("de", "It changes by -0.3.", "Es ändert sich um −0,3."),
    ("de", "12.5 and 76.9 remain.", "12.5 und 76.9 bleiben."),
    ("fr", "It saw 12,500 papers and keeps 8 %.", "Il a vu 12\u202f500 articles et garde 8\u00a0%."),
    ("fr", "It has 7B parameters.", "Il a 7 milliards de paramètres."),
    ("es", "It has 2.7 billion parameters.", "Tiene 2,7 mil millones de parámetros."),
    ("pt", "It has 2.7 billion parameters.", "Tem 2,7 bilhões de parâmetros."),
    ("pt", "It has 2.7 billion parameters.", "Tem 2,7 mil milhões de parâmetros."),
    ("zh", "It has a 7B model and 16K tokens.", "它有7B模型和16K词元。"),
    ("ja", "It has a 7B model.", "7Bモデルがある。"),
    ("ru", "It has 2.7 billion parameters.", "У неё 2,7 млрд параметров."),
    ("tr", "It keeps 12.5 % of the memory.", "Belleğin %12,5'ini korur."),
    ("zh", "It saw 12,000 papers in 3 years.", "它在3年里读了1.2万篇论文。"),
    ("zh", "It keeps 12.5 % of the memory.", "它保留百分之12.5的内存。"),
    ("zh", "Accuracy rises by 3.1 percentage points.", "准确率提高了3.1个百分点。"),
    ("ja", "It has 2.7 billion parameters.", "パラメータは27億個である。"),
    ("ar", "It keeps 12.5 % of the memory.", "يحتفظ بنسبة ١٢٫٥٪ من الذاكرة."),
    ("hi", "It saw 500,000 papers.", "इसने 5 लाख शोधपत्र देखे।"),
    ("de", 'They call it "folding of old keys" there.', "Sie nennen es „folding of old keys“."),
    ("de", "The latency is 5 ms, and 3 seconds later.", "Die Latenz ist 5 ms, und 3 Sekunden später."),
    ("de", "It costs $5 for 3 hours.", "Es kostet 5 Dollar für 3 Stunden."),
    ("fr", "It takes 5 hours and 40 GB.", "Il faut 5 heures et 40 Go."),
    ("es", "It takes 5 hours in 3 days.", "Tarda 5 horas en 3 días."),
    ("ru", "The latency is 5 ms.", "Задержка составляет 5 мс."),
    ("zh", "The latency is 5 ms.", "延迟为5毫秒。"),
    ("de", "It saw ten papers in two years.", "Es sah 10 Arbeiten in zwei Jahren."),
    ("de", "It saw ten papers in two years.", "Es sah zehn Arbeiten in zwei Jahren."),
    ("en", "It saw 12,500 papers.", "It read 12,500 papers."),
    ("zh", "It saw 12,500 papers.", "它读了12,500篇论文。"),
    ("ar", "It saw 12,500 papers and beats T5.", "قرأ ١٢٬٥٠٠ ورقة ويتفوق على T٥."),
    ("ru", "It has a 7B model.", "Это модель на 7 B."),
    ("zh", 'They call it "folding of old keys" there.', "他们称之为「folding of old keys」。"),
    ("de", 'They call it "folding of key-value pairs" there.', "Sie nennen es „Folding of Key/Value Pairs“."),
    ("fi", "It takes 5 ms or 5 hours.", "Se kestää 5 ms tai 5 tuntia."),
    ("nl", "It takes 5 ms at 5 o'clock.", "Het duurt 5 ms om 5 uur."),
    ("ja", "It saw 12,500 papers.", "1万2500本の論文を読んだ。"),
    ("hi", "It saw 1,234,567 tokens.", "इसने 12,34,567 टोकन देखे।"),
    ("fi", "It costs 5 million dollars.", "Se maksaa 5 miljoonaa dollaria."),
    ("hu", "Accuracy rises by 2.3 points.", "A pontosság 2,3 % ponttal nő."),
    ("ko", "It has 20,000 samples and 30 % noise.", "샘플 2만 30% 노이즈."),
    ("hu", "Accuracy rises by 3.2 %.", "A pontosság 3,2 % pontossággal nő."),
]
DIFFERENT = [
    ("de", "It keeps 12.5 % of the memory.", "Es behält 125 % des Speichers."),
    ("de", "It keeps 12.5 % of the memory.", "Es behält ein Achtel des Speichers."),
    ("de", "It keeps 12.5 % of the memory.", "Es behält 12,5 des Speichers."),
    ("de", "Accuracy rises by 3.1 points.", "Die Genauigkeit steigt um 3,1 %."),
    ("de", "It saw 12,500 papers.", "Es sah 12,500 Arbeiten."),
    ("de", "It takes 3.125 seconds.", "Es braucht 3.125 Sekunden."),
    ("de", "It has 2.7 billion parameters.", "Es hat 2,7 Billionen Parameter."),
    ("de", "It has 2.7 billion parameters.", "Es hat 2,7 Millionen Parameter."),
    ("de", "Llama-2-7B beats GPT-4.", "Llama-2-7B schlägt GPT-3."),
    ("de", "It beats GPT-4.", "Es schlägt Claude 4."),
    ("de", "It beats T5 by 5 points.", "Es schlägt mit 5 Punkten."),
    ("de", "It beats the others.", "Es schlägt die anderen um 5 %."),
    ("de", "It changes by -0.3.", "Es ändert sich um 0,3."),
    ("de", "It keeps 8 % of 40 GB.", "Es behält 40 % von 8 GB."),
    ("zh", "It saw 12,000 papers.", "它读了12万篇论文。"),
    ("zh", "It has 7B parameters.", "它有7M参数。"),
    ("tr", "It has 7T parameters.", "7 Tüm parametre."),
    ("vi", "It has 7T parameters.", "7 Tế bào."),
    ("en", "It has 5 miles.", "It has 5 thousand miles."),
    ("de", 'They call it "folding of old keys" there.', "Sie nennen es „Falten alter Schlüssel“."),
    ("de", "The latency is 5 ms.", "Die Latenz beträgt 5 Sekunden."),
    ("de", "It needs 5 GB.", "Es braucht 5 MB."),
    ("de", "It takes 5 hours.", "Es kostet $5."),
    ("ru", "The latency is 5 ms.", "Задержка составляет 5 секунд."),
    ("zh", "The latency is 5 ms.", "延迟为5秒。"),
    ("de", "The mass is 125 GeV.", "Die Masse ist 125 MeV."),
    ("fr", "It needs 40 GB.", "Il faut 40 Mo."),
    ("de", "It saw ten papers.", "Es sah 12 Arbeiten."),
    ("de", "It keeps ten papers.", "Es behält 10 % der Arbeiten."),
    ("hu", "It has 7 of it.", "7 millió van belőle."),
    ("hu", "Accuracy rises by 2.3 %.", "A pontosság 2,3 % ponttal nő."),
    ("hu", "It is 2.3 points.", "2,3 % pontatlanság."),
    ("ko", "It has 20,030 samples.", "샘플 2만 30% 노이즈."),
    ("hu", "Accuracy rises by 3.2 points.", "3,2 % pontosság."),
    ("tr", "Accuracy rises by 3.2 %.", "Doğruluk yüzde 3,2 puan artıyor."),
    ("fi", "Accuracy rises by 3.2 %.", "Tarkkuus nousee 3,2 prosenttiyksikköä."),
    ("ja", "It saw 12,500 papers.", "1万250本の論文を読んだ。"),
    ("de", "They call it folding.", "Sie nennen es „das Falten alter Schlüssel“."),
]


@pytest.mark.parametrize(("code", "original", "translation"), SAME)
def test_the_same_numbers_are_recognised(code: str, original: str, translation: str) -> None:
    assert says_the_same(original, translation, language(code))


@pytest.mark.parametrize(("code", "original", "translation"), DIFFERENT)
def test_what_a_reader_would_read_differently_is_different(
    code: str, original: str, translation: str
) -> None:
    assert not says_the_same(original, translation, language(code))
