/* Methods are those of APPNOTE.TXT 4.4.5; which of them unzip 6.0 undoes, its manual says. */
#include "input/packing.h"

#include "input/archive.h"

#include <stdio.h>
#include <string.h>

enum { AES = 99 };

static const struct method {
    unsigned method;
    const char *name;
    bool unzip;
} methods[] = {{1, "shrink", true}, {6, "implode", true}, {9, "deflate64", true},
               {12, "bzip2", true}, {14, "LZMA", false},  {93, "zstd", false},
               {95, "xz", false},   {98, "PPMd", false},  {0, "unknown", false}};

static const struct method *find(unsigned method)
{
    const struct method *found = methods;
    while (found->method != method && found->method)
        found++;
    return found;
}

bool packing_known(unsigned method, bool encrypted, char why[PACKING_SIZE])
{
    const struct method *found = find(method);
    encrypted = encrypted || method == AES;
    if (encrypted)
        snprintf(why, PACKING_SIZE, "is encrypted%s",
                 method == AES ? " by AES, which unzip can't undo: unpack it with 7z x"
                               : ": unpack it first, with unzip FILE MEMBER, which asks for "
                                 "the password");
    else if (method != ARCHIVE_STORED && method != ARCHIVE_DEFLATED)
        snprintf(why, PACKING_SIZE, "is packed by method %u (%s), not deflate: %s", method,
                 found->name,
                 found->unzip ? "unpack it first, with unzip FILE MEMBER"
                              : "unpack it with 7z x, since unzip does not know it");
    return !encrypted && (method == ARCHIVE_STORED || method == ARCHIVE_DEFLATED);
}

const char *packing_document(const char *member)
{
    if (strcmp(member, "[Content_Types].xml") == 0 || strcmp(member, "content.xml") == 0)
        return "is a document of an office program (.xlsx, .docx, .ods): save it as CSV or plain "
               "text";
    if (strcmp(member, "META-INF/MANIFEST.MF") == 0)
        return "is a program of Java, not text";
    return NULL;
}
