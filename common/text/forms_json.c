/*
 * An object a line: the members that are wanted are picked out, and what is wrong is told with what
 * makes it right, since JSON comes in as many shapes as programs that write it.
 */
#include "text/forms_row.h"

#include "text/members.h"

#include <string.h>

/* How another member is named in the place of number `i`; what is kept is always named. */
static const char *naming_of(const struct form *form, size_t i)
{
    if (i < form->labelled)
        return "; --label-key KEY names another";
    return i < form->labelled + form->text_count ? "; --text-key KEY names another" : "";
}

static bool refuse_member(const struct forms_cursor *cursor, size_t i, const struct member *member,
                          struct text line, struct error *error)
{
    const char *given = cursor->form->paths[i].given;
    const char *name = cursor->at.name;
    unsigned long long number = cursor->at.line;
    char list[200];
    members_list(line.data, line.size, list, sizeof list);
    if (member->kind == MEMBER_ABSENT)
        return error_set(error, STATUS_INPUT,
                         "%s:%llu: the object has no member '%s': it has %s%s%s", name, number,
                         given, *list ? list : "none",
                         strchr(given, '.') ? "; of one within another write /meta/topic" : "",
                         *list && !strchr(given, '.') ? naming_of(cursor->form, i) : "");
    return error_set(error, STATUS_INPUT, "%s:%llu: '%s' is %s: %s%s", name, number, given,
                     member_kind_name(member->kind),
                     i < cursor->form->labelled ? "a document has one label, a string"
                                                : "a string is read",
                     member->kind == MEMBER_OBJECT ? "; of one within it write /meta/topic" : "");
}

/* Whether all that is wanted is there, and once. */
static bool check_members(struct forms_cursor *cursor, const struct member *members,
                          struct text line, struct error *error)
{
    bool twice = false;
    for (size_t i = 0; i < forms_fields(cursor->form); i++) {
        if (members[i].kind < MEMBER_TRUE || members[i].kind > MEMBER_STRING)
            return refuse_member(cursor, i, &members[i], line, error);
        twice |= members[i].twice;
    }
    return !twice || documents_repaired(&cursor->at, REPAIR_TWICE, error);
}

static bool take_members(struct forms_cursor *cursor, const struct member *members, char *line,
                         struct documents_row *row, struct error *error)
{
    struct fields fields;
    size_t dropped = 0;
    for (size_t i = 0; i < forms_fields(cursor->form); i++) {
        enum member_kind kind = members[i].kind;
        size_t same = 0;
        while (same < i && members[same].raw.data != members[i].raw.data)
            same++;
        struct text text = members[i].raw;
        if (same < i)
            text = (struct text){fields.starts[same], fields.sizes[same]};
        else if (kind == MEMBER_STRING)
            text = member_decode(&members[i], line, &dropped);
        fields.starts[i] = line + (text.data - line);
        fields.sizes[i] = text.size;
    }
    return forms_make_row(cursor, &fields, row, error) &&
           (!dropped || documents_repaired(&cursor->at, REPAIR_HALF, error));
}

/* What makes lines of other JSON: a list of objects, and an object of several lines. */
static const char *json_advice(const char *line, size_t size, size_t fault)
{
    if (line[0] == '[')
        return ": an object a line is read: jq -c '.[]' makes such lines";
    if (line[0] != '{')
        return "";
    if (fault == size)
        return ": an object a line is read: jq -c . makes such lines of one that is whole";
    if (line[fault] == '\'')
        return ": JSON has double quotes: Python writes it with json.dumps";
    if (line[fault] == '{')
        return ": an object a line is read: jq -c . makes such lines";
    if (line[fault] == ',' && forms_is_blank(line + fault + 1, size - fault - 1))
        return ": take the comma off, with sed 's/,$//'";
    return "";
}

static bool pick_members(struct forms_cursor *cursor, char *line, size_t size,
                         struct documents_row *row, struct error *error)
{
    struct member members[MEMBERS_MOST];
    struct members_fault fault;
    size_t count = forms_fields(cursor->form);
    if (!forms_keep_record(cursor, line, size, row, error))
        return false;
    if (members_pick(line, size, cursor->form->paths, count, members, &fault))
        return check_members(cursor, members, (struct text){line, size}, error) &&
               take_members(cursor, members, line, row, error);
    return error_set(error, STATUS_INPUT, "%s:%llu: byte %zu: %s%s", cursor->at.name,
                     (unsigned long long)cursor->at.line, fault.at + 1, fault.what,
                     json_advice(line, size, fault.at));
}

enum forms_next forms_json_next(struct forms_cursor *cursor, struct documents_row *row,
                                struct error *error)
{
    struct documents_cursor *at = &cursor->at;
    while (at->at < at->size) {
        size_t size;
        char *line = forms_line(at, &size);
        enum repair repair;
        bool passed = forms_is_passed_over(line, size, &repair);
        if (!(passed ? documents_repaired(at, repair, error)
                     : documents_pass_mark(at, &line, &size, error) &&
                           pick_members(cursor, line, size, row, error)))
            return FORMS_FAILED;
        if (!passed)
            return FORMS_ROW;
    }
    return FORMS_END;
}
