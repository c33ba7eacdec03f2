using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>What goes wrong before a server lets anybody in, each with its type and its words. No password is among
/// them.</summary>
public sealed class ReachingServers
{
    private const string Password = "correct horse";

    [Fact]
    public void APortThatNobodyListensOn()
    {
        // Port 1 is given to nobody who asks for any port.
        Assert.Equal(
            "cannot be reached: nothing listens there. Start the server, or correct Host and Port.",
            Refusal(RegistryFault.Unreachable, 1));
    }

    [Fact]
    public void AHostThatDoesNotExist()
    {
        var registry = new RegistryPlace.PostgreSql("Host=nowhere.invalid;Database=models;Username=ann")
            .Open(new SettableClock());

        var refusal = Refused(RegistryFault.Unreachable, () => registry.Serving(Name, "production"));
        Assert.StartsWith(
            "Registry in PostgreSQL database 'models' on nowhere.invalid:5432 cannot be reached: ", refusal.Message);
    }

    [Fact]
    public void AServerThatHangsUp()
    {
        using var server = StubServer.HangingUp();

        var refusal = Refusal(RegistryFault.Unreachable, server.Port);
        Assert.StartsWith("lost the connection: ", refusal);
        Assert.EndsWith(" Nothing was changed. This may pass: run the same command again.", refusal);
    }

    [Fact]
    public void APasswordThatIsRefused()
    {
        using var server = StubServer.AskingForPassword();

        Assert.Equal(
            "cannot be opened: the server refuses the password of user 'ann'. Correct PGPASSWORD, ~/.pgpass or the "
            + "Password of the connection string, whichever has it.",
            Refusal(RegistryFault.Denied, server.Port, $"Password={Password}"));
        Assert.Equal([Password], server.Passwords.Distinct());
    }

    [Fact]
    public void APasswordThatNobodyGives()
    {
        using var server = StubServer.AskingForPassword();

        Assert.Equal(
            "cannot be opened: the server asks for the password of user 'ann', and nothing gives one. "
            + "Set PGPASSWORD, or write it to ~/.pgpass.",
            Refusal(RegistryFault.Denied, server.Port));
    }

    [Fact]
    public void APasswordInAFile()
    {
        using var server = StubServer.AskingForPassword();
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"127.0.0.1:{server.Port}:models:ann:{Password}\n");

            Refusal(RegistryFault.Denied, server.Port, $"Passfile={file}");
            Assert.Equal([Password], server.Passwords.Distinct());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void APasswordInTheEnvironment()
    {
        using var server = StubServer.AskingForPassword();
        using var writer = WriterProcess.Asking(
            Argument(server.Port), new() { ["PGPASSWORD"] = Password });

        Assert.Equal(
            [
                $"Denied: Registry in PostgreSQL database 'models' on 127.0.0.1:{server.Port} cannot be opened: the "
                + "server refuses the password of user 'ann'. Correct PGPASSWORD, ~/.pgpass or the Password of the "
                + "connection string, whichever has it.",
            ],
            writer.ReadToEnd());
        Assert.Equal([Password], server.Passwords.Distinct());
    }

    [Theory]
    [InlineData("28000", RegistryFault.Denied,
        "cannot be opened: the server does not let user 'ann' in: as asked (28000). Correct Username, or have the "
        + "server's pg_hba.conf admit this user from this machine.")]
    [InlineData("53300", RegistryFault.Unreachable,
        "cannot be opened: the server takes no connection at the moment: as asked (53300). "
        + "This may pass: run the same command again.")]
    [InlineData("57P03", RegistryFault.Unreachable,
        "cannot be opened: the server takes no connection at the moment: as asked (57P03). "
        + "This may pass: run the same command again.")]
    public void AServerThatRefuses(string state, RegistryFault fault, string says)
    {
        using var server = StubServer.Refusing(state);

        Assert.Equal(says, Refusal(fault, server.Port, $"Password={Password}"));
    }

    [Fact]
    public void AServerThatDoesNotEncrypt()
    {
        using var server = StubServer.Refusing("28000");

        Assert.Equal(
            "cannot be opened: the server does not encrypt, and the connection string asks for it. Set ssl = on in "
            + "its postgresql.conf, or choose another SSL Mode.",
            Refusal(RegistryFault.Unreachable, server.Port, $"SSL Mode=Require;Password={Password}"));
    }

    private static string Argument(int port) => $"Host=127.0.0.1;Port={port};Database=models;Username=ann";

    // What follows the name of the registry.
    private static string Refusal(RegistryFault fault, int port, string more = "")
    {
        var registry = new RegistryPlace.PostgreSql($"{Argument(port)};{more}").Open(new SettableClock());

        var read = Refused(fault, () => registry.Serving(Name, "production"));
        Assert.DoesNotContain(Password, read.ToString());
        var begin = $"Registry in PostgreSQL database 'models' on 127.0.0.1:{port} ";
        Assert.StartsWith(begin, read.Message);
        return read.Message[begin.Length..];
    }
}
