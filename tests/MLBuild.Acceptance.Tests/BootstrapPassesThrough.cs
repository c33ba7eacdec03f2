using System.Globalization;

namespace MLBuild.Acceptance.Tests;

/// <summary>What reaches the build program, and what comes back from it: everything, unchanged.</summary>
public sealed class BootstrapPassesThrough(CompiledCheckout compiled) : IClassFixture<CompiledCheckout>, IDisposable
{
    private readonly BootstrapCheckout _checkout = compiled.Copy();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void Arguments()
    {
        string[] arguments =
            ["Train", "--lr", "-0.5", "two words", "", "\"quoted\"", "it's", "*", "$HOME", "back\\slash\\", "-n", "--"];

        var outcome = _checkout.Run(arguments);

        Assert.Equal(["first text", .. arguments.Select(argument => $"<{argument}>"), ""],
            outcome.Output.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(130)]
    public void ExitCode(int code) =>
        Assert.Equal(code, _checkout.Run("exit", code.ToString(CultureInfo.InvariantCulture)).ExitCode);

    [Fact]
    public void StandardInput() =>
        Assert.EndsWith("typed", BootstrapCheckout.Finish(_checkout.Start("read"), input: "typed").Output);

    [UnixFact]
    public void StandardInputIsNotReadByTheCompiler()
    {
        _checkout.Write("build/Added.cs", "");
        _checkout.ReplaceProgram("dotnet", "cat"); // as compiler and as program

        var outcome = BootstrapCheckout.Finish(_checkout.Start("read"), input: "typed");

        Assert.True(outcome.Compiled);
        Assert.Equal("typed", outcome.Output);
    }

    /// <summary>Numbers of tests and errors of a feed are looked for in what dotnet says.</summary>
    [Fact]
    public void DotnetSpeaksEnglish()
    {
        _checkout.Environment["DOTNET_CLI_UI_LANGUAGE"] = "de";
        Assert.EndsWith("en", _checkout.Run("language").Output);
    }

    /// <summary>The shell is replaced by the program, so Ctrl+C and kill reach the program itself.</summary>
    [UnixFact]
    public void Signals()
    {
        var process = _checkout.Start("pid");
        var id = process.Id;
        Assert.EndsWith(id.ToString(CultureInfo.InvariantCulture), BootstrapCheckout.Finish(process).Output);
    }
}
