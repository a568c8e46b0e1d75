// main() of every test program: says how to run one failing test again.
#include <gtest/gtest.h>

#include <cstdio>

namespace {

class RerunHint : public testing::EmptyTestEventListener {
public:
    explicit RerunHint(const char* program) : program_(program) {}
    void OnTestEnd(const testing::TestInfo& info) override {
        if (info.result()->Failed())
            std::printf("rerun: %s --gtest_filter=%s.%s\n", program_, info.test_suite_name(), info.name());
    }

private:
    const char* program_;
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new RerunHint(argv[0]));
    return RUN_ALL_TESTS();
}
