namespace MLBuild.Stages.Tests.Site;

/// <summary>A test with Chromium. Where none is named it is skipped, except in CI, where it fails.</summary>
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public const string Variable = "MLBUILD_TEST_CHROMIUM";

    public ChromiumFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null or ""
            && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = $"{Variable} names no Chromium. Install one (apt-get install chromium) and set {Variable} to it: "
                + $"export {Variable}=$(command -v chromium).";
    }
}
