# Makes the demo corpus: short labelled texts on six topics, and word vectors that know the topics.
#
#   awk -v folder=DIR -f pipelines/demo-corpus.awk
#
# writes train.txt and test.txt (`label<TAB>text` lines) and vectors.txt (GloVe text) into DIR,
# the same bytes with every awk: the random numbers are its own, and every sum is exact in double.
#
# A text mixes words of its topic, words of one other topic that it strays into, and words that
# any text has; short texts have little of their own, so that no classifier gets all of them.
# Some tokens have no vector (numbers, slips of the pen), some words are capitalised, some are
# not ASCII: what a real corpus has.
#
# A word's vector is the centre of its topic plus noise of its own; common words have noise alone.

# The minimal standard generator of Park and Miller (CACM 31(10), 1988): every product is below
# 2^53. Returns a number in 0..n-1.
function random(n) {
    seed = (seed * 16807) % 2147483647
    return int(seed % n)
}

# About normal, mean 0, deviation 1: a sum of twelve uniform numbers of 1/1024ths.
function normal(    i, sum) {
    for (i = 0; i < 12; i++) sum += random(1024)
    return (sum - 6138) / 1024
}

function topic(label, list,    parts, i) {
    labels[++topics] = label
    size[topics] = split(list, parts, " ")
    for (i = 1; i <= size[topics]; i++) words[topics, i] = parts[i]
}

function write_vectors(    t, i, d, line) {
    for (t = 0; t <= topics; t++) {
        for (d = 0; d < dim; d++) centre[d] = t ? normal() * 0.5 : 0
        for (i = 1; i <= size[t]; i++) {
            if (words[t, i] in written) continue # a word of two topics is of the first
            written[words[t, i]]
            line = words[t, i]
            for (d = 0; d < dim; d++) line = line sprintf(" %.5f", centre[d] + normal() * 0.6)
            print line >(folder "/vectors.txt")
        }
    }
}

# Two letters change places: a token that no vectors file has.
function slip(word,    at) {
    if (length(word) < 5 || word ~ /[^a-z]/) return word "x"
    at = 2 + random(length(word) - 3)
    return substr(word, 1, at - 1) substr(word, at + 1, 1) substr(word, at, 1) substr(word, at + 2)
}

# Capitals beyond ASCII are listed: toupper knows them in some awks and locales only.
function capital(word) {
    if (word in capitals) return capitals[word]
    return toupper(substr(word, 1, 1)) substr(word, 2)
}

function token(own, other,    die, t, word) {
    die = random(100)
    t = die < 42 ? own : die < 50 ? other : 0
    if (die >= 97) return 1 + random(2000)
    word = words[t, 1 + random(size[t])]
    if (random(40) == 0) return slip(word)
    if (random(12) == 0) return capital(word)
    return word
}

function document(    own, other, count, text) {
    own = 1 + random(topics)
    other = 1 + random(topics)
    if (random(200) == 0) return labels[own] "\t" 1 + random(2000) # no word that is known
    count = 8 + random(30)
    text = token(own, other)
    while (--count) text = text " " token(own, other)
    return labels[own] "\t" text
}

function write_documents(name, count) {
    while (count--) print document() >(folder "/" name)
}

BEGIN {
    seed = 20240229
    dim = 20
    split("ångström Ångström café CAFÉ éclair Éclair müller MÜLLER señora SEÑORA dvořák DVOŘÁK föhn FÖHN crêpe CRÊPE société SOCIÉTÉ señales SEÑALES", pair, " ")
    for (i = 1; i in pair; i += 2) capitals[pair[i]] = pair[i + 1]
    size[0] = split("the of a and to in is was for on with that as it at by from this be have an are not or which were had but one all they we their more when two been who has its would about into than other some could time these may then do first any now such like our over even most made after also many before through where much well down should because each just those people how too good very make still own see work long here between both life being under never same another know while last might us great old year off come since against go came right used take three himself few house during without again place around however home small found thought went say part once general high upon every don't does got", common)
    for (i = 1; i <= size[0]; i++) words[0, i] = common[i]

    topic("cooking", "oven butter flour sugar salt pepper onion garlic tomato soup bread dough simmer boil fry bake roast stir whisk spoon pan kettle recipe basil thyme parsley cream cheese egg yolk rice noodles sauce broth olive lemon vinegar honey cinnamon ginger mushroom potato carrot bean lentil steak chicken salmon dessert cake crêpe éclair purée jalapeño gruyère café taste plate kitchen chef supper apron")
    topic("football", "goal striker keeper midfield penalty referee whistle offside corner tackle pass dribble header league cup final match season coach squad defender winger pitch stadium supporters kick ball net crossbar substitute injury transfer draw win loss champions derby relegation promotion captain jersey fans chant equaliser header volley save foul card extra half müller atlético fußball training tactics plate")
    topic("weather", "rain snow wind storm cloud sun fog frost hail thunder lightning forecast temperature pressure humid dry drought flood gale breeze mist drizzle shower sleet blizzard heat cold warm chill degrees celsius barometer front cyclone hurricane tornado climate season spring summer autumn winter dawn dusk sky horizon sunshine icy melt freeze puddle umbrella föhn señales niño coast gust high")
    topic("music", "guitar piano violin drum bass melody rhythm chord scale note song album concert orchestra choir singer band tempo harmony tune lyric verse chorus stage studio record vinyl opera symphony quartet cello flute trumpet jazz blues folk rock conductor composer sonata overture encore rehearsal microphone amplifier pitch dvořák café señora fugue ballad pass key minor major beat")
    topic("money", "bank loan interest rate bond stock share dividend market price profit loss tax budget debt credit currency dollar euro trade investor fund pension inflation growth deficit merger broker asset equity mortgage cash payment invoice revenue earnings quarter fiscal treasury yield capital deposit wage salary cost sale buyer seller auction bankruptcy €5 £9 bourse société record heat")
    topic("space", "orbit rocket launch satellite moon planet star galaxy comet asteroid telescope astronaut shuttle crew gravity vacuum module probe rover mars venus jupiter saturn mercury neptune eclipse nebula cosmos universe light mission lander capsule booster stage fuel thrust payload spacewalk station antenna signal radiation solar crater dust lunar cosmonaut supernova ångström kuiper scale sky horizon dawn")

    write_vectors()
    write_documents("train.txt", 1200)
    write_documents("test.txt", 400)
}
