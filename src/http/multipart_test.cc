#include "http/multipart.h"

#include <gtest/gtest.h>

#include "http/message.h"

namespace gongzhi::http {
namespace {

std::string part(const std::string& header, const std::string& content) {
    return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n";
}
std::string named(const std::string& name, const std::string& content) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", content);
}
const std::string kEnd = "--b--\r\n";

TEST(Multipart, GivesNamesAndBytesInOrder) {
    const std::string bytes("a\r\n--\0\xff,b\r\n", 12);
    const auto parts = parse_multipart(
        named("one", "1") +
            part("content-type: text/csv\r\nCONTENT-DISPOSITION: form-data; filename=\"a;name=x.csv\"; name=\"file\"",
                 bytes) +
            named("one", "") + part("Content-Disposition: form-data; name=bare", "x") + kEnd,
        "b");
    ASSERT_TRUE(parts) << parts.error().describe();
    ASSERT_EQ(parts->size(), 4u);
    EXPECT_EQ((*parts)[0], std::pair(std::string("one"), std::string("1")));
    EXPECT_EQ((*parts)[1], std::pair(std::string("file"), bytes));
    EXPECT_EQ((*parts)[2], std::pair(std::string("one"), std::string()));
    EXPECT_EQ((*parts)[3].first, "bare");
    EXPECT_TRUE(parse_multipart(kEnd, "b")->empty());
    EXPECT_EQ(parse_multipart(named("a\\\"b", "x") + kEnd, "b")->at(0).first, "a\"b");
}

TEST(Multipart, IsRefusedWhereItDoesNotArriveWhole) {
    const std::string whole = named("one", "1") + kEnd;
    for (size_t length = 0; length + 4 < whole.size(); ++length)
        EXPECT_FALSE(parse_multipart(whole.substr(0, length), "b")) << length;
    for (const std::string& body : {"preamble" + whole, named("one", "1"), part("X: y", "1") + kEnd,
                                    part("Content-Disposition: attachment; name=\"a\"", "1") + kEnd,
                                    part("Content-Disposition: form-data; name=\"open", "1") + kEnd,
                                    "--b\r\n\r\n1\r\n" + kEnd, std::string("--bb\r\n")})
        EXPECT_FALSE(parse_multipart(body, "b")) << body;
    EXPECT_FALSE(parse_multipart(whole, "other"));
    EXPECT_FALSE(parse_multipart(whole, ""));
}

TEST(Multipart, HasLimits) {
    std::string many;
    for (size_t i = 0; i < kPartsMax; ++i) many += named("a", "1");
    EXPECT_EQ(parse_multipart(many + kEnd, "b")->size(), kPartsMax);
    EXPECT_EQ(parse_multipart(many + named("a", "1") + kEnd, "b").error().code, ErrorCode::too_large);
    EXPECT_FALSE(parse_multipart(
        part("X: " + std::string(kPartHeaderBytesMax, 'x') + "\r\nContent-Disposition: form-data; name=\"a\"", "1") +
            kEnd,
        "b"));
}

TEST(Multipart, NamesItsBoundary) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundaryA1b2"),
              "----WebKitFormBoundaryA1b2");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "") << "a space is none";
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=\"a.b\""), "a.b");
    EXPECT_EQ(multipart_boundary("application/x-www-form-urlencoded"), "");
    EXPECT_EQ(multipart_boundary("multipart/form-data"), "");
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')), "");
}

// Found by the fuzzer: a backslash before the second half of a line end would bring one into a name.
TEST(Multipart, ANameHoldsNoLineEnd) {
    EXPECT_FALSE(
        parse_multipart("--b\r\nContent-Disposition: form-data; name=\"a\r\\\nb\"\r\n\r\n1\r\n--b--\r\n", "b"));
}

// A form's fields are the same however the browser sends them.
TEST(Multipart, IsOneOfTwoWaysToSendAForm) {
    Request request{
        "POST", "/x", "/x", {{"content-type", "multipart/form-data; boundary=b"}}, named("a", "1+1") + kEnd};
    ASSERT_EQ(request.form_fields().size(), 1u);
    EXPECT_EQ(request.form_fields()[0].second, "1+1");
    request.body = named("a", "1");
    EXPECT_TRUE(request.form_fields().empty()) << "not whole: nothing is filled in";
    request.headers[0].second = "application/x-www-form-urlencoded";
    request.body = "a=1%2B1";
    EXPECT_EQ(request.form_fields()[0].second, "1+1");
}

}  // namespace
}  // namespace gongzhi::http
