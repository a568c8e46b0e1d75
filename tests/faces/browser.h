// One person at a browser without JavaScript: keeps the session, opens pages, fills in forms and sends them with what they
// hide.
#pragma once

#include "client.h"

namespace gongzhi::faces {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline bool has(const std::string& page, std::string_view words) { return page.find(words) != std::string::npos; }

inline std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

// The value of the last field of that name that the page hides; "" where there is none.
inline std::string hidden_in(const std::string& html, std::string_view name) {
    const std::string mark = fmt::format("type=\"hidden\" name=\"{}\" value=\"", name);
    const size_t at = html.rfind(mark);
    if (at == std::string::npos) return {};
    const size_t from = at + mark.size();
    return html.substr(from, html.find('"', from) - from);
}

// Where an answer leads; "" where it does not.
inline std::string location(const http::Response& response) {
    for (const auto& [name, value] : response.headers)
        if (name == "location") return value;
    return {};
}

class Browser {
public:
    Browser(Client& client, const access::Actor& actor) : client_(client), session_(client.session_of(actor)) {}

    // No page shows a protected value.
    std::string see(const std::string& path, int status = 200, const std::string& language = "en") {
        const http::Response page = client_.visit("GET", in_language(path, language), "", session_, language);
        EXPECT_EQ(page.status, status) << path << page.body;
        EXPECT_FALSE(has(page.body, "contact-of-")) << path;
        return page.body;
    }
    http::Response get(const std::string& path) { return client_.ask("GET", path, "", session_); }

    // Opens the form and sends it with these fields.
    http::Response submit(const std::string& path, const Fields& fields) {
        return submit_from(see(path), path, fields);
    }
    // The same from a page that was opened before.
    http::Response submit_from(const std::string& html, const std::string& path, const Fields& fields) {
        return post(path, with_hidden(html, fields));
    }
    // Where the form led, or the page with the errors.
    std::string send(const std::string& path, const Fields& fields, int status = 303) {
        const http::Response response = submit(path, fields);
        EXPECT_EQ(response.status, status) << path << response.body;
        if (status == 303) return location(response);
        EXPECT_EQ(testing::page_problems(response, "en"), std::vector<std::string>()) << path;
        return response.body;
    }
    // These fields and nothing else.
    http::Response post(const std::string& path, const Fields& fields) {
        std::string body;
        for (const auto& [name, value] : fields)
            body += (body.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
        return post_body(path, std::move(body), "application/x-www-form-urlencoded");
    }
    // As a browser sends a form that has a file in it.
    std::string upload(const std::string& path, const Fields& fields) {
        std::string body;
        for (const auto& [name, value] : with_hidden(see(path), fields))
            body += "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
        const http::Response response = post_body(path, body + "--b--\r\n", "multipart/form-data; boundary=b");
        EXPECT_EQ(response.status, 303) << response.body;
        return location(response);
    }

private:
    static std::string in_language(const std::string& path, const std::string& language) {
        return path + (path.find('?') == std::string::npos ? "?" : "&") + "lang=" + language;
    }
    // What fields are given stands; the rest is as the page has it.
    static Fields with_hidden(const std::string& html, Fields fields) {
        for (const char* name : {"form_token", "once", "seen", "to", "about", "how"})
            if (const std::string value = hidden_in(html, name); !value.empty()) fields.emplace_back(name, value);
        const std::string finding = "type=\"hidden\" name=\"finding\" value=\"";  // one for each
        for (size_t at = 0; (at = html.find(finding, at)) != std::string::npos;) {
            at += finding.size();
            fields.emplace_back("finding", html.substr(at, html.find('"', at) - at));
        }
        return fields;
    }
    http::Response post_body(const std::string& path, std::string body, const std::string& media) {
        http::Headers headers = session_;
        headers.emplace_back("content-type", media);
        http::Response response = client_.ask("POST", in_language(path, "en"), std::move(body), std::move(headers));
        session_[0].second += cookies_set(response);  // as a browser keeps them
        return response;
    }

    Client& client_;
    http::Headers session_;
};

}  // namespace gongzhi::faces
