#pragma once
// libxml2's headers bring those of the system's ICU in, whose enums differ from the ones that Foundation has of its own; a
// module that sees both does not compile. Nothing here needs them: they stand only in a struct for encoding handlers, which
// is never touched.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlwriter.h>
