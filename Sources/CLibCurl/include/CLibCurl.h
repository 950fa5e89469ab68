#pragma once

// Typed one-line forms of libcurl's variadic functions, which Swift cannot call.

#include <curl/curl.h>

CURLcode clibcurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode clibcurl_set_size(CURL *easy, CURLoption option, curl_off_t value);
CURLcode clibcurl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode clibcurl_set_bytes(CURL *easy, CURLoption option, const void *value);
CURLcode clibcurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode clibcurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode clibcurl_set_receiver(CURL *easy, CURLoption option, curl_write_callback value);
CURLcode clibcurl_set_debug(CURL *easy, curl_debug_callback value);
CURLcode clibcurl_set_negotiate(CURL *easy);
CURLcode clibcurl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode clibcurl_get_pointer(CURL *easy, CURLINFO info, void **value);
CURLMcode clibcurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// The result of a finished transfer: `CURLMsg` holds it in a union.
CURLcode clibcurl_message_result(const CURLMsg *message);

/// Whether this libcurl can speak HTTP Negotiate with GSS-API.
int clibcurl_has_negotiate(void);
