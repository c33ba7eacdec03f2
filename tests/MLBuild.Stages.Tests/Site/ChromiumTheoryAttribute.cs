namespace MLBuild.Stages.Tests.Site;

/// <summary>As <see cref="ChromiumFactAttribute"/>, with arguments.</summary>
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = new ChromiumFactAttribute().Skip;
}
