/* Members of JSON: what is picked, decoded and refused, by RFC 8259 and RFC 6901. */
#include "text/members.h"

#include "helpers.h"

/* What `key` gives of the object: its kind's number, and its text. */
static void pick(const char *text, const char *key, char *shown, size_t size)
{
    struct member_path path;
    struct error error;
    struct member member;
    struct members_fault fault;
    size_t dropped = 0;
    struct bytes bytes = bytes_copy(text, strlen(text));
    char *copy = (char *)bytes.data;
    assert_true(member_path_parse(key, &path, &error));
    if (!members_pick(copy, strlen(text), &path, 1, &member, &fault)) {
        snprintf(shown, size, "%zu: %s", fault.at, fault.what);
    } else {
        struct text found = member.raw;
        if (member.kind == MEMBER_STRING)
            found = member_decode(&member, copy, &dropped);
        snprintf(shown, size, "%s%s%.*s%s", member_kind_name(member.kind), found.size ? " " : "",
                 (int)found.size, found.size ? found.data : "", dropped ? " (dropped)" : "");
    }
    member_path_free(&path);
    free(bytes.data);
}

static void assert_picked(const char *text, const char *key, const char *expected)
{
    char shown[256];
    pick(text, key, shown, sizeof shown);
    assert_string_equal(shown, expected);
}

static void test_members(void **state)
{
    (void)state;
    assert_picked("{}", "a", "nothing");
    assert_picked(" {\"a\" : \"x\"}\r\n", "a", "a string x");
    assert_picked("{\"b\":1,\"a\":-0.5e+10}", "a", "a number -0.5e+10");
    assert_picked("{\"a\":true}", "a", "true true");
    assert_picked("{\"a\":null}", "a", "null null");
    assert_picked("{\"a\":NaN}", "a", "NaN NaN");
    assert_picked("{\"a\":-Infinity}", "a", "a number -Infinity");
    assert_picked("{\"a\":[1,{}]}", "a", "a list");
    assert_picked("{\"a\":1,\"a\":2}", "a", "a number 2");
    assert_picked("{\"\\u0061\":1}", "a", "a number 1");
    assert_picked("{\"x\":{\"a\":1}}", "a", "nothing");
    assert_picked("{\"/a\":1}", "/~1a", "a number 1");
}

static void test_pointers(void **state)
{
    (void)state;
    static const char text[] =
        "{\"m\":{\"t\":\"x\",\"l\":[0,[],{\"y\":\"deep\"}]},\"m~\":3,\"\":4}";
    assert_picked(text, "/m/t", "a string x");
    assert_picked(text, "/m/l/2/y", "a string deep");
    assert_picked(text, "/m/l/1", "a list");
    assert_picked(text, "/m/l/3", "nothing");
    assert_picked(text, "/m/t/x", "nothing");
    assert_picked(text, "/m~0", "a number 3");
    assert_picked(text, "/", "a number 4");
    /* The last of two counts, with all that is in it. */
    assert_picked("{\"m\":{\"t\":1},\"m\":{}}", "/m/t", "nothing");
    struct member_path path;
    struct error error = {0};
    assert_false(member_path_parse("/a~2", &path, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    member_path_free(&path);
}

static void test_strings(void **state)
{
    (void)state;
    assert_picked("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a", "a string \"\\/\b\f\n\r\t");
    assert_picked("{\"a\":\"\\u00e9\\u20AC\\ud834\\udd1e\"}", "a",
                  "a string \xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e");
    assert_picked("{\"a\":\"x\\ud834y\"}", "a", "a string xy (dropped)");
    assert_picked("{\"a\":\"\\udd1e\\ud834\"}", "a", "a string (dropped)");
    assert_picked("{\"a\":\"\\ud834\\ud834\\udd1e\"}", "a", "a string \xf0\x9d\x84\x9e (dropped)");
    assert_picked("{\"a\":\"a long plain string, \\\"quoted\\\", beyond eight bytes\"}", "a",
                  "a string a long plain string, \"quoted\", beyond eight bytes");
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"", "0: this is no JSON object"},
        {"[1]", "0: this is a list, and no object"},
        {"{", "1: the line ends before the object does"},
        {"{\"a\":1", "6: the line ends before the object does"},
        {"{\"a\":1,}", "7: the name of a member is missing"},
        {"{\"a\" 1}", "5: a colon is missing behind a name"},
        {"{\"a\":1 \"b\":2}", "7: a comma is missing"},
        {"{\"a\":[1,]}", "8: this is no value"},
        {"{\"a\":[1}", "7: a comma is missing"},
        {"{\"a\":01}", "7: this is no value"},
        {"{\"a\":1.}", "7: this is no value"},
        {"{\"a\":+1}", "5: this is no value"},
        {"{\"a\":tru}", "5: this is no value"},
        {"{\"a\":'x'}", "5: this is no value"},
        {"{\"a\":\"x", "7: a string does not end"},
        {"{\"a\":\"\\x\"}", "6: there is no such escape"},
        {"{\"a\":\"\\u12g4\"}", "6: \\u is not followed by four hexadecimal digits"},
        {"{\"a\":\"x\ty\"}", "7: a control character stands in a string"},
        {"{\"a\":1} x", "8: something stands behind the object"},
        {"{\"a\":1}{}", "7: something stands behind the object"},
        {"\xef\xbb\xbf{}", "0: this is no JSON object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_picked(cases[i].text, "a", cases[i].fault);
}

static void test_depth(void **state)
{
    (void)state;
    char text[2 * MEMBERS_DEPTH + 64], shown[256];
    for (int depth = MEMBERS_DEPTH - 1; depth <= MEMBERS_DEPTH; depth++) {
        size_t used = (size_t)snprintf(text, sizeof text, "{\"a\":1,\"b\":");
        for (int i = 0; i < depth; i++)
            text[used++] = '[';
        for (int i = 0; i < depth; i++)
            text[used++] = ']';
        snprintf(text + used, sizeof text - used, "}");
        pick(text, "a", shown, sizeof shown);
        assert_string_equal(shown, depth < MEMBERS_DEPTH
                                       ? "a number 1"
                                       : "522: objects and lists stand in one another 512 deep");
    }
}

/* No prefix of an object is one, and none is read beyond its end (bytes_copy holds them exactly).
 */
static void test_cut_anywhere(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":\"\\u00e9\\ud834\\udd1e\",\"b\":[true,false,null,-1.5e-7,{"
                               "\"c\":NaN}],\"d\":-Infinity}";
    char cut[sizeof text], shown[256];
    for (size_t size = 0; size + 1 < sizeof text; size++) {
        memcpy(cut, text, size);
        cut[size] = '\0';
        pick(cut, "a", shown, sizeof shown);
        assert_non_null(strstr(shown, ": "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members), cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_strings), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_depth),   cmocka_unit_test(test_cut_anywhere),
    };
    return RUN_TESTS("members", tests);
}
