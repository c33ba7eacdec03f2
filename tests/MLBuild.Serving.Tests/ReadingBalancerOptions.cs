namespace MLBuild.Serving.Tests;

/// <summary>The command line of a load balancer.</summary>
public sealed class ReadingBalancerOptions
{
    [Fact]
    public void AllOfThem()
    {
        var options = LoadBalancerOptions.Parse(
            [
                "--urls", "http://127.0.0.1:1;http://[::1]:2", "--servers", "http://10.0.0.5:8090/;http://b:8090",
                "--api-keys", "keys.txt",
            ],
            folder: Path.GetTempPath());

        Assert.Equal(["http://10.0.0.5:8090", "http://b:8090"], options.Servers);
        Assert.Equal(["http://127.0.0.1:1", "http://[::1]:2"], options.Urls);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "keys.txt"), options.ApiKeys);
    }

    [Fact]
    public void ThisMachineOnlyUnlessToldOtherwise()
    {
        var options = Parse("--servers", "http://10.0.0.5:8090");

        Assert.Equal(["http://127.0.0.1:8090"], options.Urls);
        Assert.Null(options.ApiKeys);
        Assert.Equal(new ServingLimits(), options.Limits);
    }

    [Fact]
    public void AllFaultsTogether()
    {
        const string expected = "expected something like http://10.0.0.5:8090; several are separated by ';'";
        Assert.Equal(
            "The load balancer cannot start: '--store' is unknown, expected --servers, --urls or --api-keys; "
            + "'s' is unknown, expected --servers, --urls or --api-keys; --api-keys has no value; "
            + $"--servers has 'https://a', {expected}; --servers has 'b:1', {expected}; "
            + $"--servers has 'http://c/predict', {expected}; --servers has 'http://d:2' twice; "
            + "--servers has 'http://127.0.0.1:3', where the load balancer is to listen. "
            + "Choose another place: --urls; "
            + "--urls has 'x', expected something like http://127.0.0.1:8090; several are separated by ';'.",
            Refusal(
                "--store", "s", "--servers",
                "https://a;b:1;http://c/predict;http://d:2/;http://d:2;http://127.0.0.1:3",
                "--api-keys", "--urls", "x;http://127.0.0.1:3"));
    }

    [Theory]
    [InlineData]
    [InlineData("--servers", ";")]
    public void NoServer(params string[] args) => Assert.Equal(
        "The load balancer cannot start: --servers names none, expected something like "
        + "http://10.0.0.5:8090;http://10.0.0.6:8090.",
        Refusal(args));

    private static LoadBalancerOptions Parse(params string[] args) =>
        LoadBalancerOptions.Parse(args, Path.GetTempPath());

    private static string Refusal(params string[] args) =>
        Assert.Throws<ServingException>(() => Parse(args)).Message;
}
