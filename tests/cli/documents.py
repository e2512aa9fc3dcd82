# What Python's csv and json modules make of documents, as label<TAB>text.
#
#   documents.py csv SEPARATOR STYLE | json     writes given and wanted.tsv to the current folder
#   documents.py first SIZE names|text          the same, of a first record of so many bytes
import csv
import io
import json
import random
import sys

random.seed(7)
PIECES = ['gold', 'silver', ',', ';', '"', '""', '\n', '\r\n', ' ', 'a,"b"', "it's", 'é', '日本', '\t',
          'lead', '"quoted"', '𝄞', '\\', '/', '\x7f', 'x' * 300, '\u2028', '<br>', '{', '}', '[']


def text():
    return ''.join(random.choice(PIECES) for _ in range(random.randrange(0, 40)))


def label():
    return random.choice(['acq', 'money, fx', 'a"b', 'ü', 'x;y', ''])


ROWS = [(label(), text(), text()) for _ in range(3000)]


def flat(value):
    return ' '.join(value.split())


def want(rows):
    with open('wanted.tsv', 'w', encoding='utf-8', newline='') as out:
        for name, body in rows:
            out.write(name + '\t' + flat(body) + '\n')


def write_csv(separator, style):
    with open('given', 'w', encoding='utf-8', newline='') as out:
        writer = csv.writer(out, delimiter=separator, quoting=getattr(csv, 'QUOTE_' + style),
                            lineterminator=random.choice(['\r\n', '\n']))
        writer.writerow(['id', 'the label', 'title', 'body'])
        for i, row in enumerate(ROWS):
            writer.writerow([i, row[0], row[1], row[2]])
    with open('given', encoding='utf-8', newline='') as given:
        read = list(csv.DictReader(given, delimiter=separator))
    assert len(read) == len(ROWS)
    want([(row['the label'], row['title'] + ' ' + row['body']) for row in read])


def write_first(size, names):
    mark, end = ('\ufeff', '\r\n') if size % 2 else ('', '\n')

    def record(fields):
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=end).writerow(fields)
        return out.getvalue()

    first = ['label', 'text'] + ['a "name";\n'] * (size // 16 - 2) + ['']
    if not names:
        first = ['acq', 'gold, "lead"\n;silver ' * (size // 25)]
    first[-1] += 'x' * (size - len(record(first)))
    assert len(record(first)) == size
    with open('given', 'w', encoding='utf-8', newline='') as out:
        out.write(mark + ''.join(map(record, [first, ['b', 'gold\n'], ['c', 'silver']])))
    csv.field_size_limit(1 << 24)
    with open('given', encoding='utf-8-sig', newline='') as given:
        read = list(csv.reader(given))
    want([row[:2] for row in read[names:]])


def write_json():
    with open('given', 'w', encoding='utf-8', newline='') as out:
        for name, title, body in ROWS:
            members = [('title', title), ('n', [1, {'body': 'no'}, -2.5e-3, None, True]),
                       ('meta', {'topic': name, 'body': 'no', 'deep': {'topic': 'no'}}),
                       ('bo\ndy', body)]
            random.shuffle(members)
            line = json.dumps(dict(members), ensure_ascii=random.random() < 0.5,
                              separators=random.choice([(',', ':'), (', ', ': ')]))
            out.write(line.replace('/', random.choice(['/', '\\/'])) + random.choice(['\n', ' \r\n']))
    with open('given', encoding='utf-8', newline='') as given:
        read = [json.loads(line) for line in given.read().split('\n') if line]
    assert len(read) == len(ROWS)
    want([(row['meta']['topic'], row['bo\ndy'] + ' ' + row['title']) for row in read])


if sys.argv[1] == 'csv':
    write_csv(sys.argv[2], sys.argv[3])
elif sys.argv[1] == 'first':
    write_first(int(sys.argv[2]), sys.argv[3] == 'names')
else:
    write_json()
